import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { amountsOf, billOf, costTable } from "../../../bench/costs.ts";

test("docs/deploy.md has the table that npm run costs prints", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/deploy.md"), "utf8");
  expect(page).toContain(costTable());
});

test("a million updates are counted by the formula that the design states", () => {
  const { running, retention } = amountsOf(1_000_000, 1);
  expect(running["workerRequests"]).toBe(1_070_000);
  expect(running["queueOperations"]).toBeCloseTo(2_100_000);
  expect(running["objectRequests"]).toBeCloseTo(1_840_000);
  expect(running["objectRowsWritten"]).toBeCloseTo(2_870_000);
  expect(running["databaseRowsWritten"]).toBeCloseTo(2_850_000);
  expect(retention["databaseRowsWritten"]).toBeCloseTo(1_200_000);
  expect(retention["objectRequests"]).toBeCloseTo(250_000);
});

test("what is included costs nothing", () => {
  expect(billOf({ workerRequests: 10_000_000 })).toBe(0);
  expect(billOf({ workerRequests: 11_000_000 })).toBeCloseTo(0.3);
});
