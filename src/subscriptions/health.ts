/**
 * How an endpoint has been doing: whether to go easy on it, and whether to give it up.
 *
 * Only an unbroken run of failures counts; one success begins anew.
 */
import * as z from "zod/mini";
import { limits } from "../model/limits.ts";

const hourMs = 60 * 60 * 1_000;
const givenUpAfterMs = 5 * 24 * hourMs;
const givenUpFailuresMin = 10;
const givenUpSpanMinMs = 24 * hourMs;

/** Timeouts in a row after which one attempt at a time finds out whether the endpoint is back. */
const timeoutsUntilProbing = 5;

export const failureRunSchema = z.strictObject({
  firstAtMs: z.number(),
  lastAtMs: z.number(),
  failures: z.int().check(z.positive()),
});
/** Null: the last attempt was a success, or there was none. */
export type FailureRun = z.infer<typeof failureRunSchema> | null;

export function lengthen(run: FailureRun, nowMs: number): NonNullable<FailureRun> {
  if (run === null) return { firstAtMs: nowMs, lastAtMs: nowMs, failures: 1 };
  return { firstAtMs: run.firstAtMs, lastAtMs: nowMs, failures: run.failures + 1 };
}

export function isGivenUp(run: FailureRun, nowMs: number): boolean {
  if (run === null) return false;
  return (
    run.failures >= givenUpFailuresMin &&
    run.lastAtMs - run.firstAtMs >= givenUpSpanMinMs &&
    nowMs - run.firstAtMs >= givenUpAfterMs
  );
}

export function attemptsAtOnce(timeoutsInRow: number): number {
  return timeoutsInRow >= timeoutsUntilProbing ? 1 : limits.deliveryAttemptsAtOnceMax;
}

/** The start after this one, under a rate that a subscription's objects share: evenly spaced, without bursts. */
export function nextStartAtMs(
  startAtMs: number,
  limit: { readonly ratePerSecond: number | null; readonly parallelism: number } | null,
): number {
  if (limit === null || limit.ratePerSecond === null) return startAtMs;
  return startAtMs + (1_000 * limit.parallelism) / limit.ratePerSecond;
}
