/** A made-up event that tries a subscription out: marked as a test, and of a status that every format has a word for. */
import type { Event } from "../model/event.ts";
import type { Subscription } from "./subscription.ts";

export function makeTestEvent({ filter, sources }: Subscription, id: string, nowMs: number): Event {
  const now = new Date(nowMs).toISOString();
  return {
    id,
    type: "message.status",
    source: filter.sources?.[0] ?? sources?.[0] ?? "test",
    provider: "tickline",
    messageId: "test",
    version: 1,
    status: "delivered",
    providerStatus: "delivered",
    effect: "advanced",
    previous: null,
    current: "delivered",
    messageStatus: "delivered",
    contradicted: false,
    occurredAt: now,
    timeSource: "provider",
    receivedAt: now,
    providerOrder: null,
    part: { number: 1, total: 1 },
    channel: "whatsapp",
    recipient: "+15550100",
    group: null,
    aliases: [],
    reason: null,
    metadata: {},
    raw: null,
    test: true,
  };
}
