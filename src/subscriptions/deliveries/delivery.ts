/** What becomes of a delivery after an attempt. Its log tells every attempt, the newest in full. */
import * as limits from "../../model/limits.ts";
import type { Attempt, DeliveryState } from "../../model/subscriptionWords.ts";
import type { AttemptResult } from "../attempts/deliver.ts";
import { nextAttemptAtMs } from "../schedule/retry.ts";

/** A delivery with what its next attempt needs. */
export interface PendingDelivery {
  readonly eventId: string;
  readonly receivedAtMs: number;
  readonly deadlineMs: number;
  /** Failed attempts since it was made, or made again. */
  readonly failures: number;
  readonly attemptsTotal: number;
  readonly attempts: readonly Attempt[];
  /** JSON of the event. */
  readonly payload: string;
  readonly replay: string | null;
}

export interface Conclusion {
  readonly state: DeliveryState;
  readonly failures: number;
  readonly attemptsTotal: number;
  readonly attempts: readonly Attempt[];
  readonly nextAttemptAtMs: number | null;
  readonly finishedAtMs: number | null;
}

export interface Circumstances {
  readonly nowMs: number;
  readonly chance: number;
  /** Whether the subscription still wants deliveries. */
  readonly active: boolean;
}

export function conclude(
  delivery: PendingDelivery,
  result: AttemptResult,
  { nowMs, chance, active }: Circumstances,
): Conclusion {
  const attempts = [...delivery.attempts, attemptOf(result)].slice(-limits.deliveryAttemptsKeptMax);
  const attemptsTotal = delivery.attemptsTotal + 1;
  const failures = delivery.failures + (result.outcome === "delivered" ? 0 : 1);
  const ended = (state: DeliveryState): Conclusion => ({
    state,
    failures,
    attemptsTotal,
    attempts,
    nextAttemptAtMs: null,
    finishedAtMs: nowMs,
  });
  switch (result.outcome) {
    case "delivered":
      return ended("delivered");
    case "blocked":
      return ended("blocked");
    case "gone":
      return ended("canceled");
    case "failed": {
      if (!active) return ended("canceled");
      const { retryAfterMs } = result;
      const nextMs = nextAttemptAtMs({
        failures,
        nowMs,
        deadlineMs: delivery.deadlineMs,
        retryAfterMs,
        chance,
      });
      if (nextMs === null) return ended("exhausted");
      return {
        state: "retrying",
        failures,
        attemptsTotal,
        attempts,
        nextAttemptAtMs: nextMs,
        finishedAtMs: null,
      };
    }
  }
}

function attemptOf(result: AttemptResult): Attempt {
  return {
    at: new Date(result.atMs).toISOString(),
    statusCode: result.statusCode,
    durationMs: result.durationMs,
    error: result.error,
    responseBody: result.responseBody,
  };
}
