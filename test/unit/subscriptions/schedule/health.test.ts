import { expect, it } from "vitest";
import {
  attemptsAtOnce,
  type FailureRun,
  isGivenUp,
  lengthen,
} from "../../../../src/subscriptions/schedule/health.ts";

const hourMs = 3_600_000;

const failing = (failures: number, spanMs: number): FailureRun => ({
  firstAtMs: 0,
  lastAtMs: spanMs,
  failures,
  timeoutsInRow: 0,
});

it("an endpoint is given up after five days of nothing but failure, ten at least", () => {
  expect(isGivenUp(failing(10, 120 * hourMs), 120 * hourMs)).toBe(true);
  expect(isGivenUp(failing(9, 120 * hourMs), 120 * hourMs)).toBe(false);
  expect(isGivenUp(failing(10, 120 * hourMs - 1), 120 * hourMs - 1)).toBe(false);
  expect(isGivenUp(failing(10, 24 * hourMs - 1), 120 * hourMs)).toBe(false);
  expect(isGivenUp(null, 120 * hourMs)).toBe(false);
});

it("a run of failures knows how long it has lasted, and how many timeouts it ends with", () => {
  let run: FailureRun = null;
  for (const [nowMs, timedOut] of [
    [5, true],
    [6, false],
    [7, true],
    [9, true],
  ] as const) {
    run = lengthen(run, { nowMs, timedOut });
  }
  expect(run).toEqual({ firstAtMs: 5, lastAtMs: 9, failures: 4, timeoutsInRow: 2 });
});

it("an endpoint gets six attempts at once, and after five timeouts in a row one", () => {
  const timeouts = (timeoutsInRow: number) => ({ ...lengthen(failing(9, 1), anyFailure), timeoutsInRow });
  const anyFailure = { nowMs: 2, timedOut: false };
  expect([null, timeouts(4), timeouts(5), timeouts(50)].map(attemptsAtOnce)).toEqual([6, 6, 1, 1]);
});
