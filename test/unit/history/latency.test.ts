import { describe, expect, test } from "vitest";
import { latencyOf } from "../../../src/history/overview/latency.ts";

describe("a latency", () => {
  test("of nothing is unknown", () => {
    expect(latencyOf(new Map())).toEqual({ p50Ms: null, p95Ms: null, count: 0 });
  });

  test("is the upper bound of the bucket that holds the share", () => {
    const buckets = new Map([
      ["1", 50],
      ["5", 45],
      ["60", 5],
    ]);
    expect(latencyOf(buckets)).toEqual({ p50Ms: 1_000, p95Ms: 5_000, count: 100 });
    expect(latencyOf(new Map([...buckets, ["60", 6]]))).toEqual({ p50Ms: 5_000, p95Ms: 60_000, count: 101 });
  });

  test("beyond a day is unknown, and still counts", () => {
    expect(latencyOf(new Map([["more", 2]]))).toEqual({ p50Ms: null, p95Ms: null, count: 2 });
    const mostly = new Map([
      ["86400", 9],
      ["more", 1],
    ]);
    expect(latencyOf(mostly)).toEqual({ p50Ms: 86_400_000, p95Ms: null, count: 10 });
  });
});
