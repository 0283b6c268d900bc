import { expect, it } from "vitest";
import {
  type LastStart,
  readyAtMs,
  shardThatCedes,
  spacingOf,
} from "../../../../src/subscriptions/schedule/pace.ts";

const known: LastStart = { kind: "known", atMs: 1_000, spacingMs: 250 };
const rate = (ratePerSecond: number | null, parallelism = 1, shards = parallelism) => ({
  ratePerSecond,
  parallelism,
  shards,
});

it("starts are evenly spaced, and the objects of a subscription share its rate", () => {
  expect(readyAtMs(known, 100)).toBe(1_100);
  expect(readyAtMs(known, 0)).toBe(-Infinity);
  expect(readyAtMs({ kind: "none" }, 100)).toBe(-Infinity);
  expect(spacingOf(rate(10), 0)).toBe(100);
  expect(spacingOf(rate(10, 4), 3)).toBe(400);
  expect(spacingOf(rate(null, 4), 3)).toBe(0);
});

it("no object is asked to leave out more starts than it has", () => {
  for (let shards = 1; shards <= 16; shards += 1) {
    for (let parallelism = 1; parallelism <= shards; parallelism += 1) {
      const shared = rate(10, parallelism, shards);
      const all = Array.from({ length: shards }, (_, shard) => shard);
      for (const own of all.slice(0, parallelism)) {
        const others = all.filter((shard) => shardThatCedes(shared, shard) === own);
        const asked = others.reduce((sum, shard) => sum + 1 / spacingOf(shared, shard), 0);
        expect(asked).toBeLessThan(1 / spacingOf(shared, own));
      }
      expect(all.filter((shard) => shardThatCedes(shared, shard) === null)).toHaveLength(parallelism);
    }
  }
  expect(shardThatCedes(rate(null, 1, 2), 1)).toBeNull();
});

const woken = (alarmInMs: number | null): LastStart => ({
  kind: "forgotten",
  wokenAtMs: 50_000,
  alarmAtMs: alarmInMs === null ? null : 50_000 + alarmInMs,
});

it("an object that forgot its last start takes it for a moment ago, unless its alarm was far", () => {
  expect(readyAtMs(woken(null), 1_000)).toBe(51_000);
  expect(readyAtMs(woken(10_000), 1_000)).toBe(51_000);
  expect(readyAtMs(woken(10_001), 1_000)).toBe(-Infinity);
  // At a rate below one in ten seconds the alarm stands as long as the next start is not due.
  expect(readyAtMs(woken(10_001), 20_000)).toBe(70_000);
  expect(readyAtMs(woken(20_001), 20_000)).toBe(-Infinity);
});
