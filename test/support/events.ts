/** Builders of events, as fan-out hands them on. */
import type { Event } from "../../src/model/event.ts";
import { isNote } from "../../src/model/status.ts";
import type { Update } from "../../src/model/update.ts";
import { anUpdate, source } from "./updates.ts";

export const receivedAt = "2026-11-21T10:00:05.000Z";

export function anEvent(event: Partial<Event> = {}): Event {
  const { status = "delivered", provider = "meta" } = event;
  return {
    ...eventOf(provider, anUpdate({ status })),
    recipient: "+390000000",
    channel: "whatsapp",
    ...event,
  };
}

/** The first event of a message that had only this update. */
export function eventOf(provider: string, update: Update): Event {
  const { status, occurredAtMs, rawTruncated } = update;
  return {
    id: "evt_0123456789abcdef0123456789abcdef",
    type: isNote(status) ? "message.note" : "message.status",
    source,
    provider,
    messageId: update.messageId,
    version: 1,
    status,
    providerStatus: update.providerStatus,
    effect: isNote(status) ? "noted" : "advanced",
    previous: null,
    current: status,
    messageStatus: status,
    contradicted: false,
    occurredAt: occurredAtMs === null ? receivedAt : new Date(occurredAtMs).toISOString(),
    timeSource: occurredAtMs === null ? "received" : "provider",
    receivedAt,
    providerOrder: update.providerOrder,
    part: update.part,
    channel: update.channel,
    recipient: update.recipient,
    group: update.group,
    aliases: [...update.aliases],
    reason: update.reason,
    metadata: update.metadata,
    raw: update.raw,
    ...(rawTruncated && { rawTruncated }),
  };
}
