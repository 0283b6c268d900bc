import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bucket, type RateLimit, takeToken } from "../../../src/ingest/bucket.ts";

const limit = { perSecond: 2, burst: 3 };

/** How many of the takings at these times are allowed. */
function allowedAt(timesMs: readonly number[]): number {
  let bucket: Bucket | null = null;
  let allowed = 0;
  for (const timeMs of timesMs) {
    const taking = takeToken(bucket, limit, timeMs);
    bucket = taking.bucket;
    if (taking.allowed) allowed += 1;
  }
  return allowed;
}

test("the burst is allowed at once, the next one after the time that one token takes", () => {
  expect(allowedAt([0, 0, 0, 0])).toBe(3);
  expect(allowedAt([0, 0, 0, 499])).toBe(3);
  expect(allowedAt([0, 0, 0, 500])).toBe(4);
  expect(allowedAt([0, 0, 0, 100, 200, 300, 400, 500])).toBe(4);
});

test("a refusal tells after how many whole seconds to come again, at least one", () => {
  const empty = { tokens: 0, filledAtMs: 0 };
  expect(takeToken(empty, { perSecond: 2, burst: 1 }, 0)).toMatchObject({
    allowed: false,
    retryAfterSeconds: 1,
  });
  expect(takeToken(empty, { perSecond: 0.1, burst: 1 }, 0)).toMatchObject({ retryAfterSeconds: 10 });
});

test("no stretch of time lets more through than burst and rate together", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { minLength: 1, maxLength: 200 }), (gaps) => {
      let nowMs = 0;
      const timesMs = gaps.map((gapMs) => (nowMs += gapMs % 300));
      expect(allowedAt(timesMs)).toBeLessThanOrEqual(limit.burst + (nowMs / 1000) * limit.perSecond);
    }),
  );
});

test("a clock that steps back refills nothing, and takes nothing away", () => {
  expect(allowedAt([10_000, 10_000, 10_000, 0, 0])).toBe(3);
  expect(allowedAt([10_000, 0, 0])).toBe(3);
});

/** A bucket that was emptied, and then refused for as long as nothing was in it. */
function refusedAt(set: RateLimit, timesMs: readonly number[]) {
  let taking = takeToken({ tokens: 0, filledAtMs: 0 }, set, 0);
  for (const timeMs of timesMs) {
    const next = takeToken(taking.bucket, set, timeMs);
    if (next.allowed) break;
    taking = next;
  }
  if (taking.allowed) throw new Error("an empty bucket allows nothing");
  return taking;
}

test("whoever comes again after as many seconds as a refusal tells is let in, and nobody who comes a second earlier", () => {
  const perSecond = fc.oneof(
    fc.double({ min: 1 / 80_000, max: 100_000, noNaN: true }),
    fc.integer({ min: 1, max: 80_000 }).map((seconds) => 1 / seconds),
  );
  fc.assert(
    fc.property(perSecond, fc.array(fc.nat(3_000), { maxLength: 30 }), (rate, gapsMs) => {
      const set = { perSecond: rate, burst: 5 };
      let nowMs = 0;
      const timesMs = gapsMs.map((gapMs) => (nowMs += gapMs));
      const { bucket, retryAfterSeconds } = refusedAt(set, timesMs);
      const at = (seconds: number) => takeToken(bucket, set, bucket.filledAtMs + seconds * 1000).allowed;
      expect(Number.isInteger(retryAfterSeconds)).toBe(true);
      expect(at(retryAfterSeconds)).toBe(true);
      expect(at(retryAfterSeconds - 1)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test("nobody is told to come again later than in a day", () => {
  for (const perSecond of [1e-6, 1e-25, Number.MIN_VALUE]) {
    const { retryAfterSeconds } = refusedAt({ perSecond, burst: 1 }, []);
    expect(retryAfterSeconds).toBe(86_400);
  }
});
