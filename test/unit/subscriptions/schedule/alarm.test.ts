import { expect, it } from "vitest";
import { alarmAtMs, type Doing, type Standing } from "../../../../src/subscriptions/schedule/alarm.ts";

const nowMs = 1_000_000;
const dayMs = 24 * 60 * 60 * 1_000;
const idle: Doing = { nowMs, isBusy: false, readyAtMs: -Infinity };

function standing(parts: { retryAtMs?: number; waits?: boolean; oldestAtMs?: number } = {}): Standing {
  return {
    earliestRetryAtMs: parts.retryAtMs ?? null,
    hasWaiting: () => parts.waits ?? false,
    oldestReceivedAtMs: () => parts.oldestAtMs ?? null,
  };
}

it("rings for the next retry, on a grid so that several share it", () => {
  expect(alarmAtMs(standing({ retryAtMs: nowMs + 60_001 }), idle)).toBe(nowMs + 60_250);
});

it("is near while something waits or is under way, so that what dies with the object is done again", () => {
  expect(alarmAtMs(standing({ waits: true }), idle)).toBe(nowMs + 10_000);
  expect(alarmAtMs(standing(), { ...idle, isBusy: true })).toBe(nowMs + 10_000);
  expect(alarmAtMs(standing({ retryAtMs: nowMs - 1 }), idle)).toBe(nowMs + 10_000);
  expect(alarmAtMs(standing({ waits: true, retryAtMs: nowMs + 5_000 }), idle)).toBe(nowMs + 5_000);
});

it("waits for a slow rate instead of ringing in between, and is near until the rate allows the next start", () => {
  const paced = { ...idle, readyAtMs: nowMs + 90_000 };
  expect(alarmAtMs(standing({ waits: true }), paced)).toBe(nowMs + 90_000);
  expect(alarmAtMs(standing({ oldestAtMs: nowMs }), paced)).toBe(nowMs + 90_000);
  expect(alarmAtMs(standing({ retryAtMs: nowMs + 5_000 }), paced)).toBe(nowMs + 90_000);
  expect(alarmAtMs(standing({ waits: true }), { ...paced, isBusy: true })).toBe(nowMs + 10_000);
  expect(alarmAtMs(standing(), { ...idle, readyAtMs: nowMs + 20 })).toBe(nowMs + 10_000);
});

it("rings at last when the oldest delivery may be forgotten, and never for an object that keeps none", () => {
  const hourMs = 60 * 60 * 1_000;
  expect(alarmAtMs(standing({ oldestAtMs: nowMs }), idle)).toBe(nowMs + 30 * dayMs + hourMs);
  expect(alarmAtMs(standing({ oldestAtMs: nowMs - 31 * dayMs }), idle)).toBe(nowMs + hourMs);
  expect(alarmAtMs(standing(), idle)).toBeNull();
});
