import { DurableObject } from "cloudflare:workers";

export class SubscriptionObject extends DurableObject<Env> {}
