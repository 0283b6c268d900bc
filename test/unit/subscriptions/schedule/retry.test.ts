import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deadlineAfterMs,
  nextAttemptAtMs,
  readRetryAfter,
  waitsMs,
} from "../../../../src/subscriptions/schedule/retry.ts";

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const unasked = { retryAfterMs: null, chance: 0.5 };

/** The moments of all attempts of a delivery that never succeeds. */
function schedule(chance: () => number, attemptMs = 0): number[] {
  const moments: number[] = [];
  let atMs: number | null = 0;
  while (atMs !== null) {
    moments.push(atMs);
    const nowMs = atMs + attemptMs;
    atMs = nextAttemptAtMs({
      failures: moments.length,
      nowMs,
      deadlineMs: deadlineAfterMs,
      retryAfterMs: null,
      chance: chance(),
    });
  }
  return moments;
}

const ms = (text: string) =>
  [...text.matchAll(/(\d+) (s|min|h)/g)].reduce(
    (sum, [, count, unit]) =>
      sum + Number(count) * { s: 1, min: 60, h: 3_600 }[unit as "s" | "min" | "h"] * secondMs,
    0,
  );

describe("the schedule", () => {
  it("without chance is the documented one: nine attempts over 47 h 55 min", () => {
    const waits = ["0", "5 s", "5 min", "30 min", "2 h", "5 h", "10 h", "14 h", "16 h 20 min"];
    expect(waitsMs).toEqual(waits.map(ms));
    const moments = schedule(() => 0.5);
    expect(moments).toHaveLength(9);
    expect(moments.map((atMs, index) => atMs - (moments[index - 1] ?? 0))).toEqual(waitsMs);
  });

  it("keeps every wait within ten per cent, and every attempt before the deadline, whatever chance brings", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
        fc.integer({ min: 0, max: 30_000 }),
        (chances, attemptMs) => {
          const rest = [...chances];
          const moments = schedule(() => rest.shift() ?? 0.5, attemptMs);
          expect(moments.length).toBe(9);
          for (const [index, atMs] of moments.entries()) {
            expect(atMs).toBeLessThan(deadlineAfterMs);
            const waitMs = atMs - (moments[index - 1] ?? -attemptMs) - attemptMs;
            const plannedMs = waitsMs[index] ?? NaN;
            expect(waitMs).toBeLessThanOrEqual(plannedMs * 1.1 + 1);
            if (index < 8) expect(waitMs).toBeGreaterThanOrEqual(plannedMs * 0.9 - 1);
          }
        },
      ),
    );
  });

  it("moves an attempt that would come after the deadline to just before it, once", () => {
    const deadlineMs = 48 * hourMs;
    const nowMs = 40 * hourMs;
    const moved = nextAttemptAtMs({ failures: 8, nowMs, deadlineMs, ...unasked });
    expect(moved).toBe(deadlineMs - 60 * secondMs);
    expect(nextAttemptAtMs({ failures: 8, nowMs: moved ?? 0, deadlineMs, ...unasked })).toBeNull();
  });
});

const wait = (retryAfterMs: number) =>
  nextAttemptAtMs({ failures: 1, nowMs: 0, deadlineMs: deadlineAfterMs, retryAfterMs, chance: 0.5 });

describe("Retry-After", () => {
  it("lengthens a wait, never shortens it, and up to the next step's at most", () => {
    expect(wait(1_000)).toBe(5_000);
    expect(wait(60_000)).toBe(60_000);
    expect(wait(hourMs)).toBe(300_000);
  });

  it("is read as seconds or as a date", () => {
    const nowMs = Date.parse("2026-11-21T10:00:00.000Z");
    expect(readRetryAfter("120", nowMs)).toBe(120_000);
    expect(readRetryAfter("Sat, 21 Nov 2026 10:01:00 GMT", nowMs)).toBe(60_000);
    expect(readRetryAfter("Sat, 21 Nov 2026 09:00:00 GMT", nowMs)).toBe(0);
    expect(readRetryAfter("soon", nowMs)).toBeNull();
    expect(readRetryAfter("-5", nowMs)).not.toBe(-5_000);
    expect(readRetryAfter(null, nowMs)).toBeNull();
  });
});
