/** Adds up what the objects of one subscription know of their deliveries. */
import type { SubscriptionStats } from "../../model/subscription.ts";
import { type DeliveryState, deliveryStates } from "../../model/subscriptionWords.ts";

/** One object's share. */
export interface ShardFigures {
  readonly byState: ReadonlyArray<{ readonly state: DeliveryState; readonly deliveries: number }>;
  readonly attempts: number;
  /** Of the newest deliveries that succeeded by themselves, neither replayed nor retried by hand; in no order. */
  readonly latenciesMs: readonly number[];
  readonly lastSuccessAtMs: number | null;
  /** Of deliveries that have not succeeded since. */
  readonly lastFailureAtMs: number | null;
}

export const noFigures: ShardFigures = {
  byState: [],
  attempts: 0,
  latenciesMs: [],
  lastSuccessAtMs: null,
  lastFailureAtMs: null,
};

const unfinished: readonly DeliveryState[] = ["pending", "retrying"];

export function summarize(shards: readonly ShardFigures[], sinceMs: number): SubscriptionStats {
  const count = (state: DeliveryState) =>
    shards
      .flatMap(({ byState }) => byState)
      .filter((row) => row.state === state)
      .reduce((sum, row) => sum + row.deliveries, 0);
  const byState: SubscriptionStats["byState"] = {
    pending: count("pending"),
    delivered: count("delivered"),
    retrying: count("retrying"),
    exhausted: count("exhausted"),
    blocked: count("blocked"),
    canceled: count("canceled"),
  };
  const ended = deliveryStates
    .filter((state) => !unfinished.includes(state))
    .reduce((sum, state) => sum + byState[state], 0);
  const latencies = shards.flatMap(({ latenciesMs }) => latenciesMs).toSorted((left, right) => left - right);
  return {
    since: new Date(sinceMs).toISOString(),
    byState,
    attempts: shards.reduce((sum, { attempts }) => sum + attempts, 0),
    successRate: ended === 0 ? null : byState.delivered / ended,
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    lastSuccessAt: timeText(latest(shards.map(({ lastSuccessAtMs }) => lastSuccessAtMs))),
    lastFailureAt: timeText(latest(shards.map(({ lastFailureAtMs }) => lastFailureAtMs))),
  };
}

export function latest(times: ReadonlyArray<number | null>): number | null {
  return times.reduce((last, time) => (time !== null && (last === null || time > last) ? time : last), null);
}

function percentile(sorted: readonly number[], part: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null;
}

function timeText(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
