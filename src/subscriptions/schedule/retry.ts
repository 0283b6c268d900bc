/**
 * When to try again. A delivery is tried over 48 hours, ever less often, and never after its deadline.
 * Source: API.md 5.6.
 */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Each is the wait after the attempt before; the first attempt is made at once. */
export const waitsMs: readonly number[] = [
  0,
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  16 * hourMs + 20 * minuteMs,
];

/** From the making of a delivery to the moment after which nothing is tried. */
export const deadlineAfterMs = 48 * hourMs;

/** Part of a wait by which it may be shorter or longer, so that an endpoint that comes back is not overrun. */
const jitter = 0.1;

/** How long before the deadline the last attempt is made that would have come after it; longer than any timeout. */
const lastCallMs = minuteMs;

export interface Failed {
  /** Failed attempts since the delivery was made, this one included. */
  readonly failures: number;
  readonly nowMs: number;
  readonly deadlineMs: number;
  /** What the endpoint asked for; null where it did not. */
  readonly retryAfterMs: number | null;
  /** From 0 to 1. */
  readonly chance: number;
}

/** Null: there is no further attempt. */
export function nextAttemptAtMs({
  failures,
  nowMs,
  deadlineMs,
  retryAfterMs,
  chance,
}: Failed): number | null {
  const waitMs = waitsMs[failures];
  if (waitMs === undefined) return null;
  const jitteredMs = waitMs * (1 + jitter * (2 * chance - 1));
  const longestMs = waitsMs[failures + 1] ?? waitMs;
  const askedMs = Math.min(retryAfterMs ?? 0, longestMs);
  const atMs = Math.round(nowMs + Math.max(jitteredMs, askedMs));
  const movedMs = Math.min(atMs, deadlineMs - lastCallMs);
  return movedMs > nowMs ? movedMs : null;
}

/** `Retry-After` in seconds or as an HTTP date; null for anything else. */
export function readRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text.trim()) * secondMs;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
