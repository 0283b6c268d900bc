import { describe, expect, it } from "vitest";
import type { AttemptResult } from "../../../../src/subscriptions/attempts/deliver.ts";
import { conclude, type PendingDelivery } from "../../../../src/subscriptions/deliveries/delivery.ts";

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
