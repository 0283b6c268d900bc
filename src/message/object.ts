import { DurableObject } from "cloudflare:workers";

export class MessageObject extends DurableObject<Env> {}
