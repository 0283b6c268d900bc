/**
 * How a message grows: each update becomes a new event, is a repeat, or is one too many.
 *
 * A ledger is never changed; adding to it makes a new one. What an event says of its arrival (`version`, `effect`,
 * `previous`, `current`, `messageStatus`) is decided here, once, and what the message is by the reducer.
 */
import type { Effect, Event } from "../model/event.ts";
import { jsonBytes } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import type { Message, MessageSummary } from "../model/message.ts";
import type { RecordOutcome, RecordRequest } from "../model/record.ts";
import { isNote, isRealFailure, reachedRecipient, type Status } from "../model/status.ts";
import type { IdentifiedUpdate } from "../model/update.ts";
import { inHistoryOrder } from "./order.ts";
import { foldMessage, foldPart, type PartShown } from "./reducer.ts";

/** One event with the counters as they stood when it was recorded. */
export interface Entry {
  readonly event: Event;
  readonly duplicates: number;
  readonly overflow: number;
}

export interface Ledger {
  /** In order of arrival: `entries[0]` is version 1. */
  readonly entries: readonly Entry[];
  /** Repeats so far; those since the last entry are stored with the next. */
  readonly duplicates: number;
  readonly overflow: number;
}

export const emptyLedger: Ledger = { entries: [], duplicates: 0, overflow: 0 };

export interface Addition {
  readonly ledger: Ledger;
  readonly added: readonly Entry[];
  readonly outcome: RecordOutcome;
}

export function addUpdates(ledger: Ledger, request: RecordRequest, receivedAt: string): Addition {
  const events = ledger.entries.map((entry) => entry.event);
  const known = new Set(events.map((event) => event.id));
  const added: Entry[] = [];
  let { duplicates, overflow } = ledger;
  for (const update of request.updates) {
    if (known.has(update.eventId)) {
      duplicates += 1;
    } else if (events.length >= limits.messageEventsMax) {
      overflow += 1;
    } else {
      const event = eventOf(request, events, update, receivedAt);
      known.add(event.id);
      events.push(event);
      added.push({ event, duplicates, overflow });
    }
  }
  return {
    ledger: { entries: [...ledger.entries, ...added], duplicates, overflow },
    added,
    outcome: {
      recorded: added.length,
      repeated: duplicates - ledger.duplicates,
      overflowed: overflow - ledger.overflow,
    },
  };
}

/** The message as its readers see it; null while nothing is known. */
export function viewMessage(ledger: Ledger): Message | null {
  const events = ledger.entries.map((entry) => entry.event);
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return null;
  return {
    source: first.source,
    provider: first.provider,
    messageId: first.messageId,
    version: events.length,
    ...foldMessage(events),
    duplicates: ledger.duplicates,
    overflow: ledger.overflow,
    firstReceivedAt: first.receivedAt,
    lastReceivedAt: last.receivedAt,
    history: inHistoryOrder(events),
  };
}

/** A message for lists and queues: without history, and without what would make it too large for them. */
export function summarize({ history: _history, ...summary }: Message): MessageSummary {
  if (jsonBytes(summary) <= limits.summaryBytesMax) return summary;
  return { ...summary, parts: [], metadata: {}, aliases: summary.aliases.slice(0, 3), abridged: true };
}

function eventOf(
  { source, provider, messageId }: RecordRequest,
  earlier: readonly Event[],
  update: IdentifiedUpdate,
  receivedAt: string,
): Event {
  const time = believedTime(update.occurredAtMs, receivedAt);
  const fact = {
    id: update.eventId,
    status: update.status,
    ...time,
    providerOrder: update.providerOrder,
    part: update.part,
    channel: update.channel,
    recipient: update.recipient,
    group: update.group,
    aliases: [...update.aliases],
    reason: update.reason,
    metadata: update.metadata,
  };
  const ofPart = earlier.filter((event) => event.part.number === update.part.number);
  const before = ofPart.length === 0 ? null : foldPart(update.part.number, ofPart);
  const after = foldPart(update.part.number, [...ofPart, fact]);
  return {
    ...fact,
    type: isNote(update.status) ? "message.note" : "message.status",
    source,
    provider,
    messageId,
    version: earlier.length + 1,
    providerStatus: update.providerStatus,
    effect: effectOf(update.status, before, after),
    previous: before?.status ?? null,
    current: after.status,
    messageStatus: foldMessage([...earlier, fact]).status,
    contradicted: after.contradicted,
    receivedAt,
    raw: update.raw,
    ...(update.rawTruncated ? { rawTruncated: true as const } : {}),
  };
}

function effectOf(status: Status, before: PartShown | null, after: PartShown): Effect {
  if (isNote(status)) return "noted";
  const reasonChanged = JSON.stringify(before?.reason ?? null) !== JSON.stringify(after.reason);
  if (before?.status !== after.status || reasonChanged) return "advanced";
  if (isRealFailure(status) && reachedRecipient(after.status)) return "contradicted";
  return "late";
}

/** A provider's time is believed between 2009 and a day after receipt; else our own clock stands in for it. */
function believedTime(
  occurredAtMs: number | null,
  receivedAt: string,
): Pick<Event, "occurredAt" | "timeSource"> {
  const latestMs = Date.parse(receivedAt) + limits.providerClockAheadMsMax;
  if (occurredAtMs === null || occurredAtMs < limits.earliestProviderTimeMs || occurredAtMs > latestMs) {
    return { occurredAt: receivedAt, timeSource: "received" };
  }
  return { occurredAt: new Date(occurredAtMs).toISOString(), timeSource: "provider" };
}
