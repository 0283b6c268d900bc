import { describe, expect, it } from "vitest";
import type { AttemptResult } from "../../../src/subscriptions/deliver.ts";
import { conclude, type PendingDelivery } from "../../../src/subscriptions/delivery.ts";
import {
  attemptsAtOnce,
  type FailureRun,
  isGivenUp,
  lengthen,
  nextStartAtMs,
} from "../../../src/subscriptions/health.ts";
import { decideReplay } from "../../../src/subscriptions/replays/replay.ts";
import { shardOf } from "../../../src/subscriptions/shard.ts";

const hourMs = 3_600_000;
const nowMs = Date.parse("2026-11-21T10:00:00.000Z");
const moment = { nowMs, chance: 0.5, active: true };

function aDelivery(parts: Partial<PendingDelivery> = {}): PendingDelivery {
  return {
    eventId: "evt_1",
    receivedAtMs: nowMs,
    deadlineMs: nowMs + 48 * hourMs,
    failures: 0,
    attemptsTotal: 0,
    attempts: [],
    payload: "{}",
    replay: null,
    ...parts,
  };
}

function aResult(outcome: AttemptResult["outcome"]): AttemptResult {
  return {
    outcome,
    atMs: nowMs,
    durationMs: 12,
    statusCode: 500,
    error: "answered 500",
    responseBody: "",
    retryAfterMs: null,
    timedOut: false,
  };
}

const after = (outcome: AttemptResult["outcome"]) => conclude(aDelivery(), aResult(outcome), moment);

describe("after an attempt a delivery", () => {
  it("is delivered, blocked or canceled for good, or waits for the next", () => {
    expect(after("delivered")).toMatchObject({
      state: "delivered",
      failures: 0,
      nextAttemptAtMs: null,
      finishedAtMs: nowMs,
    });
    expect(after("blocked")).toMatchObject({ state: "blocked", nextAttemptAtMs: null, finishedAtMs: nowMs });
    expect(after("gone")).toMatchObject({ state: "canceled", nextAttemptAtMs: null, finishedAtMs: nowMs });
    expect(after("failed")).toMatchObject({
      state: "retrying",
      failures: 1,
      attemptsTotal: 1,
      nextAttemptAtMs: nowMs + 5_000,
      finishedAtMs: null,
    });
  });

  it("is exhausted when no attempt is left, and canceled when nobody wants it any more", () => {
    expect(conclude(aDelivery({ failures: 8 }), aResult("failed"), moment).state).toBe("exhausted");
    expect(conclude(aDelivery(), aResult("failed"), { ...moment, active: false }).state).toBe("canceled");
    expect(conclude(aDelivery(), aResult("delivered"), { ...moment, active: false }).state).toBe("delivered");
  });

  it("tells its newest attempts and how many there were", () => {
    let delivery = aDelivery();
    for (let attempt = 0; attempt < 25; attempt += 1) {
      delivery = { ...delivery, ...conclude(delivery, aResult("failed"), moment) };
    }
    expect(delivery.attempts).toHaveLength(20);
    expect(delivery.attemptsTotal).toBe(25);
  });
});

const failing = (failures: number, spanMs: number): FailureRun => ({
  firstAtMs: 0,
  lastAtMs: spanMs,
  failures,
});

describe("an endpoint", () => {
  it("is given up after five days of nothing but failure, ten at least", () => {
    expect(isGivenUp(failing(10, 120 * hourMs), 120 * hourMs)).toBe(true);
    expect(isGivenUp(failing(9, 120 * hourMs), 120 * hourMs)).toBe(false);
    expect(isGivenUp(failing(10, 120 * hourMs - 1), 120 * hourMs - 1)).toBe(false);
    expect(isGivenUp(failing(10, 24 * hourMs - 1), 120 * hourMs)).toBe(false);
    expect(isGivenUp(null, 120 * hourMs)).toBe(false);
    expect(lengthen(lengthen(null, 5), 9)).toEqual({ firstAtMs: 5, lastAtMs: 9, failures: 2 });
  });

  it("gets six attempts at once, after five timeouts one, and under a rate evenly spaced ones", () => {
    expect([0, 4, 5, 50].map(attemptsAtOnce)).toEqual([6, 6, 1, 1]);
    expect(nextStartAtMs(1_000, { ratePerSecond: null, parallelism: 4 })).toBe(1_000);
    expect(nextStartAtMs(1_000, { ratePerSecond: 10, parallelism: 1 })).toBe(1_100);
    expect(nextStartAtMs(1_000, { ratePerSecond: 10, parallelism: 4 })).toBe(1_400);
  });
});

const decide = (only: "failed" | "missing" | "all") =>
  [null, "pending", "delivered", "retrying", "exhausted", "blocked", "canceled"].map((state) =>
    decideReplay("rpl_1", only, state === null ? null : { state: state as "pending", replay: null }),
  );

describe("a replay", () => {
  it("decides by what there is, and leaves alone what it has sent again already", () => {
    expect(decide("failed")).toEqual(["leave", "leave", "leave", "again", "again", "again", "leave"]);
    expect(decide("missing")).toEqual(["make", "leave", "leave", "leave", "leave", "leave", "again"]);
    expect(decide("all")).toEqual(["make", "leave", "again", "again", "again", "again", "again"]);
    expect(decideReplay("rpl_1", "all", { state: "delivered", replay: "rpl_1" })).toBe("leave");
  });
});

describe("the shard of a message", () => {
  it("is always the same, within range, and evenly spread", () => {
    const counts = Array.from({ length: 8 }, () => 0);
    for (let message = 0; message < 8_000; message += 1) {
      const shard = shardOf("my-nifteem", `message-${message}`, 8);
      expect(shardOf("my-nifteem", `message-${message}`, 8)).toBe(shard);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});
