/** Writes down what became of an attempt: the delivery's row, the run of failures, and whether that was one too many. */
import * as z from "zod/mini";
import { report } from "../../log/report.ts";
import { recordConclusion } from "../deliveries/store.ts";
import type { AttemptResult } from "../attempts/deliver.ts";
import { conclude, type PendingDelivery } from "../deliveries/delivery.ts";
import { type FailureRun, failureRunSchema, isGivenUp, lengthen } from "../schedule/health.ts";
import { planRetirement, type Retirement } from "../retirement/store.ts";
import type { Subscription } from "../subscription.ts";

const runKey = "failureRun";
const storedRunSchema = z.strictObject({ ...failureRunSchema.shape, url: z.string() });

interface Moment {
  readonly nowMs: number;
  readonly chance: number;
  /** Whether the subscription still wants deliveries. */
  readonly active: boolean;
  /** Of the endpoint that was called. */
  readonly url: string;
  /** Whether the subscription has another one by now. */
  readonly isReplaced: boolean;
}

/** All in one synchronous turn, so that storage writes it as one. True: the subscription is to be switched off. */
export function recordOutcome(
  { sql, kv }: Pick<DurableObjectStorage, "sql" | "kv">,
  delivery: PendingDelivery,
  attempted: AttemptResult,
  moment: Moment,
): boolean {
  const { nowMs, url } = moment;
  const result = moment.isReplaced ? asOfNoMatter(attempted) : attempted;
  recordConclusion(sql, delivery, conclude(delivery, result, moment), result.atMs);
  if (moment.isReplaced) return false;
  if (result.outcome === "delivered") {
    if (kv.get(runKey) !== undefined) forgetFailures(kv);
    return false;
  }
  const longer = lengthen(readFailureRun(kv, url), { nowMs, timedOut: result.timedOut });
  kv.put(runKey, { ...longer, url });
  const plan = moment.active ? planOf(result, longer, moment) : null;
  if (plan !== null) planRetirement(kv, plan);
  return plan !== null;
}

/** An endpoint that was replaced may have taken the delivery; that it did not leaves it to the one in its place. */
function asOfNoMatter(result: AttemptResult): AttemptResult {
  return result.outcome === "delivered" ? result : { ...result, outcome: "failed" };
}

function planOf(
  result: AttemptResult,
  run: NonNullable<FailureRun>,
  { nowMs, url }: Moment,
): Retirement | null {
  if (result.outcome === "gone") {
    return { reason: "The endpoint answered 410 Gone.", url, atMs: nowMs, unlessSuccessSinceMs: null };
  }
  if (!isGivenUp(run, nowMs)) return null;
  return {
    reason: `Nothing but failures since ${new Date(run.firstAtMs).toISOString()}; the last: ${result.error}.`,
    url,
    atMs: nowMs,
    unlessSuccessSinceMs: run.firstAtMs,
  };
}

export function forgetFailures(kv: SyncKvStorage): void {
  kv.delete(runKey);
}

/** Failures at another URL are no part of the run. */
export function readFailureRun(kv: SyncKvStorage, url: string): FailureRun {
  const run = storedRunSchema.safeParse(kv.get(runKey));
  return run.success && run.data.url === url ? run.data : null;
}

export function logAttempt(
  subscription: Subscription,
  delivery: PendingDelivery,
  result: AttemptResult,
): void {
  const { outcome, statusCode, durationMs, error } = result;
  report("delivery.attempted", {
    subscription: subscription.id,
    eventId: delivery.eventId,
    attempt: delivery.attemptsTotal + 1,
    outcome,
    statusCode,
    durationMs,
    error,
  });
}
