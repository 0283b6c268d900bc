import { DurableObject } from "cloudflare:workers";

export class FeedObject extends DurableObject<Env> {}
