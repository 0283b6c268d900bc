/**
 * How much is fuzzed and from which seed: a few thousand cases from a fixed one in `npm test`; with `npm run fuzz` as
 * many as `FUZZ_CASES` says, from `FUZZ_SEED` or a fresh one. fast-check shrinks what it finds.
 */
import type * as fc from "fast-check";
import { inject } from "vitest";
import { type Json, jsonSchema } from "../../src/model/json.ts";

declare module "vitest" {
  interface ProvidedContext {
    fuzzCases: number;
    fuzzSeed: number;
  }
}

export const seed = inject("fuzzSeed");

/** A case that takes longer hangs its isolate, whatever else runs on the machine. */
export const caseMsMax = 10_000;

/** So many of a hundred of all cases. */
export function share(percent: number): number {
  return Math.ceil((inject("fuzzCases") * percent) / 100);
}

export function fuzzing<Values>(cases: number): fc.Parameters<Values> {
  return { seed, numRuns: cases, endOnFailure: cases > 1_000 };
}

/** Runs one case and throws if it took too long: no input may make a parser or a pattern run away. */
export async function timed(work: () => unknown): Promise<void> {
  const startMs = performance.now();
  await work();
  const tookMs = performance.now() - startMs;
  if (tookMs > caseMsMax) throw new Error(`one case took ${Math.round(tookMs)} ms`);
}

/** Values that no field of any provider expects in all its places; longer ones than those of `oddValues`. */
export const oddTexts: readonly string[] = [
  "",
  " ",
  "\0",
  "\ud800",
  "\r\nX-Injected: 1",
  "null",
  "undefined",
  "NaN",
  "-0",
  "1e999",
  "0x10",
  "99999999999999999999",
  "-1",
  "__proto__",
  "constructor",
  "toString",
  "%",
  "%00",
  "%2e%2e%2f",
  "%E0%A4%A",
  "..",
  "../../v1/keys",
  "' OR 1=1 --",
  "{{x}}",
  "%messageStatusRequest:status%",
  "%a:b%",
  "\u202e\u0000\ufeff",
  "👍".repeat(300),
  "x".repeat(5_000),
  "(".repeat(2_000),
  "a%".repeat(1_500),
  "9999-12-31T23:59:59Z",
  "2024-02-30T00:00:00Z",
  "+275760-09-13T00:00:00.000Z",
  "/Date(1)/",
];

/** What came out of `JSON.stringify` and back is JSON. */
export function asJson(value: unknown): Json {
  return jsonSchema.parse(JSON.parse(JSON.stringify(value ?? null)));
}
