import { expect, test } from "vitest";
import { inParallel } from "../../../src/model/parallel.ts";

test("each item is run once, no more than so many at a time, and outcomes stand in the items' order", async () => {
  let running = 0;
  let mostRunning = 0;
  const items = Array.from({ length: 100 }, (_, index) => index);
  const outcomes = await inParallel(items, 7, async (item) => {
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    for (let turn = 0; turn < 20 + (item % 5); turn += 1) await Promise.resolve();
    running -= 1;
    return item * 2;
  });
  expect(outcomes).toEqual(items.map((item) => ({ status: "fulfilled", value: item * 2 })));
  expect(mostRunning).toBe(7);
});

test("one failure stops no other", async () => {
  const outcomes = await inParallel([1, 2, 3, 4], 2, async (item) => {
    if (item === 2) throw new Error("two");
    return item;
  });
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
});

test("nothing to do is done at once", async () => {
  expect(await inParallel([], 32, async () => 1)).toEqual([]);
});
