/**
 * When an object's alarm has to ring. It survives the object, so it stands before anything is started, and near for as
 * long as something is under way or the rate forbids the next start.
 */
import * as limits from "../../model/limits.ts";

const hourMs = 60 * 60 * 1_000;
/** Retries that are due within one step of it share an alarm, which is a billed row. */
const alarmGridMs = 250;
/** How soon an attempt that died with its process is made again. */
export const leaseMs = 10_000;

/** What stands in storage; the dearer questions are asked only where they matter. */
export interface Standing {
  readonly earliestRetryAtMs: number | null;
  readonly hasWaiting: () => boolean;
  /** When the oldest event was received whose delivery is kept. */
  readonly oldestReceivedAtMs: () => number | null;
}

export interface Doing {
  readonly nowMs: number;
  /** An attempt or other work is under way. */
  readonly isBusy: boolean;
  /** When the rate allows the next start. */
  readonly readyAtMs: number;
}

/** Null: never, since nothing is kept. */
export function alarmAtMs(standing: Standing, { nowMs, isBusy, readyAtMs }: Doing): number | null {
  const { earliestRetryAtMs } = standing;
  const dueMs = earliestRetryAtMs === null ? null : Math.ceil(earliestRetryAtMs / alarmGridMs) * alarmGridMs;
  // What is due and not started waits for a free place; waking at once would not make one.
  const isOverdue = dueMs !== null && dueMs <= nowMs;
  const nextMs = dueMs === null || isOverdue ? Infinity : Math.max(dueMs, readyAtMs);
  const nearMs = isBusy ? nowMs + leaseMs : Math.max(nowMs + leaseMs, readyAtMs);
  if (isBusy || readyAtMs > nowMs || isOverdue || standing.hasWaiting()) return Math.min(nearMs, nextMs);
  if (dueMs !== null) return dueMs;
  const oldestMs = standing.oldestReceivedAtMs();
  return oldestMs === null ? null : Math.max(oldestMs + limits.deliveryRetentionMs, nowMs) + hourMs;
}
