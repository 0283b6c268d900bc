import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bucket, takeToken } from "../../../src/ingest/bucket.ts";

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
