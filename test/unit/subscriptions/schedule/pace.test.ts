import { expect, it } from "vitest";
import { type LastStart, readyAtMs } from "../../../../src/subscriptions/schedule/pace.ts";

const known: LastStart = { kind: "known", atMs: 1_000, spacingMs: 250 };
const rate = (ratePerSecond: number | null, parallelism = 1) => ({ ratePerSecond, parallelism });

it("starts are evenly spaced, and the objects of a subscription share its rate", () => {
  expect(readyAtMs(known, rate(10))).toBe(1_100);
  expect(readyAtMs(known, rate(10, 4))).toBe(1_400);
  expect(readyAtMs(known, rate(null, 4))).toBe(-Infinity);
  expect(readyAtMs({ kind: "none" }, rate(10))).toBe(-Infinity);
  // Before the settings are known that of the last start holds.
  expect(readyAtMs(known, null)).toBe(1_250);
});

const woken = (alarmInMs: number | null): LastStart => ({
  kind: "forgotten",
  wokenAtMs: 50_000,
  alarmAtMs: alarmInMs === null ? null : 50_000 + alarmInMs,
});

it("an object that forgot its last start takes it for a moment ago, unless its alarm was far", () => {
  expect(readyAtMs(woken(null), rate(1))).toBe(51_000);
  expect(readyAtMs(woken(10_000), rate(1))).toBe(51_000);
  expect(readyAtMs(woken(10_001), rate(1))).toBe(-Infinity);
  // At a rate below one in ten seconds the alarm stands as long as the next start is not due.
  expect(readyAtMs(woken(10_001), rate(0.05))).toBe(70_000);
  expect(readyAtMs(woken(20_001), rate(0.05))).toBe(-Infinity);
});
