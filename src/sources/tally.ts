/**
 * Counts what comes in at each source, so that it can be written down now and then instead of for each webhook.
 *
 * Nothing counted is lost while the isolate lives: it is pending until a write of it has succeeded.
 */

export const happenings = ["received", "refused", "rejected", "ignored"] as const;
export type Happening = (typeof happenings)[number];

export interface Counts extends Readonly<Record<Happening, number>> {
  /** When something authentic last came in. */
  readonly lastReceivedAtMs: number | null;
}

interface Tally {
  pending: Counts;
  /** When the last write began. */
  writtenAtMs: number | null;
  /** When the next write is due that somebody has taken upon them. */
  dueAtMs: number | null;
}

export type Tallies = Map<string, Tally>;

export const noCounts: Counts = { received: 0, refused: 0, rejected: 0, ignored: 0, lastReceivedAtMs: null };

/** How long after its time a write is given up that somebody took upon them: their request was cut off. */
const graceMs = 10_000;

/** In how many milliseconds the caller must write the counts; null: somebody else is going to. */
export function count(
  tallies: Tallies,
  source: string,
  happening: Happening,
  nowMs: number,
  writeIntervalMs: number,
): number | null {
  const tally = tallies.get(source) ?? { pending: noCounts, writtenAtMs: null, dueAtMs: null };
  tallies.set(source, tally);
  const { pending } = tally;
  tally.pending = {
    ...pending,
    [happening]: pending[happening] + 1,
    lastReceivedAtMs: happening === "refused" ? pending.lastReceivedAtMs : nowMs,
  };
  if (tally.dueAtMs !== null && nowMs <= tally.dueAtMs + graceMs) return null;
  tally.dueAtMs = Math.max(nowMs, (tally.writtenAtMs ?? -Infinity) + writeIntervalMs);
  return tally.dueAtMs - nowMs;
}

/** Takes the pending counts out, to be written. */
export function take(tallies: Tallies, source: string, nowMs: number): Counts | null {
  const tally = tallies.get(source);
  if (tally === undefined) return null;
  const taken = tally.pending;
  tallies.set(source, { pending: noCounts, writtenAtMs: nowMs, dueAtMs: null });
  return happenings.some((happening) => taken[happening] > 0) ? taken : null;
}

/** Puts counts back whose write failed. */
export function giveBack(tallies: Tallies, source: string, counts: Counts): void {
  const tally = tallies.get(source);
  if (tally !== undefined) tally.pending = add(tally.pending, counts);
}

export function pendingCounts(tallies: Tallies, source: string): Counts {
  return tallies.get(source)?.pending ?? noCounts;
}

export function add(left: Counts, right: Counts): Counts {
  return {
    received: left.received + right.received,
    refused: left.refused + right.refused,
    rejected: left.rejected + right.rejected,
    ignored: left.ignored + right.ignored,
    lastReceivedAtMs: laterOf(left.lastReceivedAtMs, right.lastReceivedAtMs),
  };
}

function laterOf(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.max(left, right);
}
