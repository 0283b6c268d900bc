import fc from "fast-check";
import { expect, test } from "vitest";
import {
  count,
  giveBack,
  happenings,
  noCounts,
  pendingCounts,
  take,
  type Tallies,
} from "../../../src/sources/tally.ts";

const intervalMs = 20_000;

function tallies(): Tallies {
  return new Map();
}

test("the first webhook of a source is written at once, the next ones when the interval has passed", () => {
  const counted = tallies();
  expect(count(counted, "one", "received", 1_000, intervalMs)).toBe(0);
  expect(count(counted, "one", "received", 1_001, intervalMs)).toBeNull();
  expect(take(counted, "one", 1_002)).toMatchObject({ received: 2, lastReceivedAtMs: 1_001 });
  expect(count(counted, "one", "received", 2_002, intervalMs)).toBe(intervalMs - 1_000);
  expect(count(counted, "one", "ignored", 2_003, intervalMs)).toBeNull();
  expect(take(counted, "one", 21_002)).toMatchObject({ received: 1, ignored: 1 });
  expect(count(counted, "one", "received", 99_000, intervalMs)).toBe(0);
});

test("each source has its own schedule", () => {
  const counted = tallies();
  count(counted, "one", "received", 0, intervalMs);
  expect(count(counted, "two", "received", 0, intervalMs)).toBe(0);
});

test("a refused request is no sign of life", () => {
  const counted = tallies();
  count(counted, "one", "refused", 5, intervalMs);
  expect(pendingCounts(counted, "one")).toEqual({ ...noCounts, refused: 1 });
});

test("where the one who was to write is cut off, another one takes over", () => {
  const counted = tallies();
  count(counted, "one", "received", 0, intervalMs);
  expect(count(counted, "one", "received", 10_000, intervalMs)).toBeNull();
  expect(count(counted, "one", "received", 10_001, intervalMs)).toBe(0);
});

test("whatever fails to be written in between, every happening is counted once", () => {
  const step = fc.oneof(
    fc.record({ happening: fc.constantFrom(...happenings) }),
    fc.record({ written: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const counted = tallies();
      let written = 0;
      let happened = 0;
      for (const [index, what] of steps.entries()) {
        if ("happening" in what) {
          count(counted, "one", what.happening, index, intervalMs);
          happened += 1;
        } else {
          const taken = take(counted, "one", index);
          if (taken !== null && what.written) written += sum(taken);
          else if (taken !== null) giveBack(counted, "one", taken);
        }
      }
      expect(written + sum(pendingCounts(counted, "one"))).toBe(happened);
    }),
  );
});

function sum(counts: Record<(typeof happenings)[number], number>): number {
  return happenings.reduce((total, happening) => total + counts[happening], 0);
}
