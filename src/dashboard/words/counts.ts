/** Counts by status, in the order of a message's life. */
import type { Status } from "../../model/status.ts";
import { statusWords, type Tone } from "./status.ts";

const order: readonly Status[] = [
  "scheduled",
  "queued",
  "accepted",
  "sent",
  "delivered",
  "read",
  "played",
  "unconfirmed",
  "failed",
  "expired",
  "canceled",
  "not_sent",
  "recipient_corrected",
  "channel_switched",
  "clicked",
  "verified",
  "deleted",
  "unknown",
];

/** Those that occur; words of a newer service than this page are left out. */
export function statusesOf(counts: Readonly<Record<string, number>>): Status[] {
  return order.filter((status) => (counts[status] ?? 0) > 0);
}

export function toneOf(status: Status): Tone {
  return statusWords[status].tone;
}

/** Sums over the statuses that share a tone. */
export function byTone(counts: Readonly<Record<string, number>>): Record<Tone, number> {
  const sums: Record<Tone, number> = {
    waiting: 0,
    sent: 0,
    delivered: 0,
    read: 0,
    unsure: 0,
    failed: 0,
    note: 0,
  };
  for (const status of statusesOf(counts)) sums[toneOf(status)] += counts[status] ?? 0;
  return sums;
}
