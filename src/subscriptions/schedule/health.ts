/**
 * How an endpoint has been doing: whether to go easy on it, and whether to give it up.
 *
 * Only an unbroken run of failures counts; one success begins anew. The run is stored, so that an object that was
 * evicted does not begin anew by that alone.
 */
import * as z from "zod/mini";
import * as limits from "../../model/limits.ts";
import { countSchema, positiveSchema } from "../../model/number.ts";

const hourMs = 60 * 60 * 1_000;
const givenUpAfterMs = 5 * 24 * hourMs;
const givenUpFailuresMin = 10;
const givenUpSpanMinMs = 24 * hourMs;

/** Timeouts in a row after which one attempt at a time finds out whether the endpoint is back. */
const timeoutsUntilProbing = 5;

export const failureRunSchema = z.strictObject({
  firstAtMs: z.number(),
  lastAtMs: z.number(),
  failures: positiveSchema,
  /** Those at the end of the run that were timeouts without anything else between. */
  timeoutsInRow: countSchema,
});
/** Null: the last attempt was a success, or there was none. */
export type FailureRun = z.infer<typeof failureRunSchema> | null;

export function lengthen(
  run: FailureRun,
  { nowMs, timedOut }: { readonly nowMs: number; readonly timedOut: boolean },
): NonNullable<FailureRun> {
  return {
    firstAtMs: run?.firstAtMs ?? nowMs,
    lastAtMs: nowMs,
    failures: (run?.failures ?? 0) + 1,
    timeoutsInRow: timedOut ? (run?.timeoutsInRow ?? 0) + 1 : 0,
  };
}

export function isGivenUp(run: FailureRun, nowMs: number): boolean {
  if (run === null) return false;
  return (
    run.failures >= givenUpFailuresMin &&
    run.lastAtMs - run.firstAtMs >= givenUpSpanMinMs &&
    nowMs - run.firstAtMs >= givenUpAfterMs
  );
}

export function attemptsAtOnce(run: FailureRun): number {
  const isProbed = run !== null && run.timeoutsInRow >= timeoutsUntilProbing;
  return isProbed ? 1 : limits.deliveryAttemptsAtOnceMax;
}
