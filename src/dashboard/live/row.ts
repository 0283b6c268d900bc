/**
 * A message as a row of the live table: read from a list, moved on by events. Pure.
 *
 * Events come in any order of versions; the one with the highest version says what the message shows.
 */
import type { Event } from "../../model/event.ts";
import type { MessageSummary } from "../../model/message.ts";
import type { Reason } from "../../model/reason.ts";
import type { Status } from "../../model/status.ts";
import { showsFailure } from "../words/status.ts";

export interface Row {
  readonly key: string;
  readonly source: string;
  readonly provider: string;
  readonly messageId: string;
  readonly status: Status;
  readonly version: number;
  readonly channel: string | null;
  readonly recipient: string | null;
  readonly group: string | null;
  readonly aliases: readonly string[];
  readonly reason: Reason | null;
  readonly contradicted: boolean;
  readonly partial: boolean;
  readonly lastReceivedAt: string;
}

export function rowKey({
  source,
  messageId,
}: {
  readonly source: string;
  readonly messageId: string;
}): string {
  return `${source}/${messageId}`;
}

export function rowOf(summary: MessageSummary): Row {
  const { source, provider, messageId, status, version, channel, recipient, group, aliases, reason } =
    summary;
  const { contradicted, partial, lastReceivedAt } = summary;
  const key = rowKey(summary);
  const facts = { source, provider, messageId, status, version, channel, recipient, group, aliases, reason };
  return { key, ...facts, contradicted, partial, lastReceivedAt };
}

/** The row itself, if the event tells nothing that it does not show. */
export function moveOn(row: Row | undefined, event: Event): Row {
  if (row === undefined) return rowOfEvent(event);
  const lastReceivedAt = row.lastReceivedAt > event.receivedAt ? row.lastReceivedAt : event.receivedAt;
  const filled = {
    ...row,
    lastReceivedAt,
    channel: row.channel ?? event.channel,
    recipient: row.recipient ?? event.recipient,
    group: row.group ?? event.group,
  };
  if (event.version <= row.version) return isSame(row, filled) ? row : filled;
  return {
    ...filled,
    version: event.version,
    status: event.messageStatus,
    channel: event.channel ?? row.channel,
    recipient: event.recipient ?? row.recipient,
    group: event.group ?? row.group,
    contradicted: event.contradicted,
    reason: reasonAfter(row.reason, event),
    // Of a message of several parts an event tells its own part's share only.
    partial: event.part.total > 1 && event.current !== event.messageStatus,
  };
}

function isSame(row: Row, filled: Row): boolean {
  const { lastReceivedAt, channel, recipient, group } = filled;
  return (
    row.lastReceivedAt === lastReceivedAt &&
    row.channel === channel &&
    row.recipient === recipient &&
    row.group === group
  );
}

/** Of two readings of a message the one that knows more. */
export function newer(one: Row | undefined, other: Row): Row {
  return one !== undefined && one.version > other.version ? one : other;
}

function rowOfEvent(event: Event): Row {
  const { source, provider, messageId, version, channel, recipient, group, aliases, contradicted } = event;
  return {
    key: rowKey(event),
    source,
    provider,
    messageId,
    status: event.messageStatus,
    version,
    channel,
    recipient,
    group,
    aliases,
    reason: reasonAfter(null, event),
    contradicted,
    partial: false,
    lastReceivedAt: event.receivedAt,
  };
}

function reasonAfter(before: Reason | null, event: Event): Reason | null {
  if (!showsFailure(event.messageStatus)) return null;
  const decides = event.effect === "advanced" && event.status === event.messageStatus;
  return decides ? (event.reason ?? before) : before;
}
