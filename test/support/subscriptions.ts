/** Subscriptions and the events shared with them, as tests make them. */
import { env } from "cloudflare:workers";
import * as z from "zod";
import type { Event } from "../../src/model/event.ts";
import { deliverySchema, type Delivery, subscriptionSchema } from "../../src/model/subscription.ts";
import { subscriptionObjectName } from "../../src/subscriptions/shard.ts";
import { answerOf, ask } from "./api.ts";
import { anEvent } from "./events.ts";

const madeSchema = z.strictObject({ ...subscriptionSchema.shape, signingSecret: z.string() });
export type MadeSubscription = z.infer<typeof madeSchema>;

export async function subscribe(settings: Record<string, unknown>): Promise<MadeSubscription> {
  return answerOf(await ask("POST", "/v1/subscriptions", { body: settings }), 201, madeSchema);
}

export async function change(id: string, settings: Record<string, unknown>) {
  return answerOf(await ask("PATCH", `/v1/subscriptions/${id}`, { body: settings }), 200, subscriptionSchema);
}

export async function deliveryOf(subscription: string, event: string): Promise<Delivery> {
  const response = await ask("GET", `/v1/subscriptions/${subscription}/deliveries/${event}`);
  return answerOf(response, 200, deliverySchema);
}

export async function stateOf(subscription: string, event: string): Promise<string> {
  return (await deliveryOf(subscription, event)).state;
}

export function objectOf(subscription: string, shard = 0) {
  return env.SUBSCRIPTION.getByName(subscriptionObjectName(subscription, shard));
}

let made = 0;

/** Received now, and of a message of its own. */
export function freshEvent(parts: Partial<Event> = {}): Event {
  made += 1;
  return anEvent({
    id: `evt_${crypto.randomUUID().replaceAll("-", "")}`,
    messageId: `message-${made}`,
    receivedAt: new Date().toISOString(),
    ...parts,
  });
}

export function freshEvents(count: number, parts: Partial<Event> = {}): Event[] {
  return Array.from({ length: count }, () => freshEvent(parts));
}

/** So that the next test's events concern its own subscriptions only. */
export async function removeAll(): Promise<void> {
  const list = z.object({ data: z.array(z.object({ id: z.string() })) });
  const { data } = await answerOf(await ask("GET", "/v1/subscriptions?limit=200"), 200, list);
  await Promise.all(data.map(({ id }) => ask("DELETE", `/v1/subscriptions/${id}`)));
}
