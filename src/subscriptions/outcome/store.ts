/** Writes down what became of an attempt: the delivery's row, the run of failures, and whether that was one too many. */
import { report } from "../../log/report.ts";
import { endDelivery, recordConclusion } from "../deliveries/store.ts";
import type { Attempted } from "../attempt.ts";
import type { AttemptResult } from "../deliver.ts";
import { conclude, type PendingDelivery } from "../delivery.ts";
import { type FailureRun, failureRunSchema, isGivenUp, lengthen } from "../health.ts";
import { planRetirement, type Retirement } from "../retirement/store.ts";
import type { Subscription } from "../subscription.ts";

const runKey = "failureRun";

interface Moment {
  readonly nowMs: number;
  readonly chance: number;
  /** Whether the subscription still wants deliveries. */
  readonly active: boolean;
}

/** All in one synchronous turn, so that storage writes it as one. True: the subscription is to be switched off. */
export function recordOutcome(
  { sql, kv }: Pick<DurableObjectStorage, "sql" | "kv">,
  delivery: PendingDelivery,
  attempted: Attempted,
  moment: Moment,
): boolean {
  const { nowMs } = moment;
  if (attempted.kind === "ended") {
    endDelivery(sql, delivery, attempted.state, nowMs);
    return false;
  }
  const { result } = attempted;
  recordConclusion(sql, delivery, conclude(delivery, result, moment), result.atMs);
  const run = readFailureRun(kv);
  if (result.outcome === "delivered") {
    if (run !== null) forgetFailures(kv);
    return false;
  }
  const longer = lengthen(run, nowMs);
  kv.put(runKey, longer);
  const plan = moment.active ? planOf(result, longer, nowMs) : null;
  if (plan !== null) planRetirement(kv, plan);
  return plan !== null;
}

function planOf(result: AttemptResult, run: NonNullable<FailureRun>, nowMs: number): Retirement | null {
  if (result.outcome === "gone") {
    return { reason: "The endpoint answered 410 Gone.", atMs: nowMs, unlessSuccessSinceMs: null };
  }
  if (!isGivenUp(run, nowMs)) return null;
  return {
    reason: `Nothing but failures since ${new Date(run.firstAtMs).toISOString()}; the last: ${result.error}.`,
    atMs: nowMs,
    unlessSuccessSinceMs: run.firstAtMs,
  };
}

export function forgetFailures(kv: SyncKvStorage): void {
  kv.delete(runKey);
}

function readFailureRun(kv: SyncKvStorage): FailureRun {
  const run = kv.get(runKey);
  return run === undefined ? null : failureRunSchema.parse(run);
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
