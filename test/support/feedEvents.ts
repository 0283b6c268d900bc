/** Builders of events. */
import type { Event } from "../../src/model/event.ts";

const receivedAt = new Date().toISOString();

/** The same number gives the same event: same id, same receipt. */
export function anEvent(number: number, event: Partial<Event> = {}): Event {
  return {
    id: `evt_${number.toString(16).padStart(32, "0")}`,
    type: "message.status",
    source: "acme-nifteem",
    provider: "nifteem",
    messageId: `M${number}`,
    version: 1,
    status: "delivered",
    providerStatus: "DELIVERED",
    effect: "advanced",
    previous: null,
    current: "delivered",
    messageStatus: "delivered",
    occurredAt: "2026-11-21T10:00:00.000Z",
    contradicted: false,
    timeSource: "provider",
    receivedAt,
    providerOrder: null,
    part: { number: 1, total: 1 },
    channel: "rcs",
    recipient: "+390000000",
    group: null,
    aliases: [],
    reason: null,
    metadata: {},
    raw: null,
    ...event,
  };
}

export function someEvents(from: number, to: number, event: Partial<Event> = {}): Event[] {
  return Array.from({ length: to - from + 1 }, (_, index) => anEvent(from + index, event));
}
