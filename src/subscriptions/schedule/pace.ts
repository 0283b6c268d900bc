/**
 * The rate of a subscription, as one of its objects keeps it: evenly spaced starts, without bursts.
 *
 * After `parallelism` was lowered the objects beyond it have an equal part for what they still hold, and for each of its
 * starts one of the others leaves one out: together they keep to the rate as long as none of them dies between two starts.
 *
 * The last start is in memory alone, since writing it down would cost a row for each delivery. An object that has
 * forgotten it reads it off the alarm that it finds: that one stands near as long as a start may have been a moment ago.
 * Where starts are so far apart that the object sleeps between them it is written down, and what was left out since:
 * taken for a moment ago with each waking, it would never be long enough ago.
 */
import * as z from "zod/mini";
import { leaseMs } from "./alarm.ts";

/** What the objects of a subscription share. */
export interface Rate {
  readonly ratePerSecond: number | null;
  readonly parallelism: number;
  /** How many objects may hold something. */
  readonly shards: number;
}

export const startSchema = z.strictObject({
  atMs: z.number(),
  /** To the next one, at the rate of then. */
  spacingMs: z.number(),
  /** Whether a retry goes before a first attempt then. */
  dueFirst: z.boolean(),
  /** Starts left out since. */
  ceded: z._default(z.number(), 0),
});
export type Start = z.infer<typeof startSchema>;

export type LastStart =
  | { readonly kind: "none" }
  | ({ readonly kind: "known" } & Pick<Start, "atMs" | "spacingMs">)
  /** `alarmAtMs`: of the alarm that was found; null where there was none, as while it rings. */
  | { readonly kind: "forgotten"; readonly wokenAtMs: number; readonly alarmAtMs: number | null };

/** When the next attempt may start. */
export function readyAtMs(last: LastStart, spacingMs: number): number {
  if (spacingMs === 0) return -Infinity;
  switch (last.kind) {
    case "none":
      return -Infinity;
    case "known":
      return last.atMs + spacingMs;
    case "forgotten": {
      const nearMs = Math.max(leaseMs, spacingMs);
      const wasLongAgo = last.alarmAtMs !== null && last.alarmAtMs > last.wokenAtMs + nearMs;
      return wasLongAgo ? -Infinity : last.wokenAtMs + spacingMs;
    }
  }
}

export function spacingOf({ ratePerSecond, parallelism, shards }: Rate, shard: number): number {
  return ratePerSecond === null ? 0 : (1_000 * (shard < parallelism ? parallelism : shards)) / ratePerSecond;
}

/** The object that has to leave out a start for each of this one's; null: none has to. */
export function shardThatCedes({ ratePerSecond, parallelism }: Rate, shard: number): number | null {
  return ratePerSecond === null || shard < parallelism ? null : shard % parallelism;
}

/** Whether the object may be gone before the next start. */
export function outlivesObject(spacingMs: number): boolean {
  return spacingMs > leaseMs;
}
