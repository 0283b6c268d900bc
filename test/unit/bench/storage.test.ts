import { expect, test } from "vitest";
import { amountsOf } from "../../../bench/costs.ts";
import { measureStorage } from "../../../bench/storage.ts";

test("a message of the documented webhooks takes in D1 what the costs assume, and no row a page of its own", async () => {
  const measured = await measureStorage();
  for (const { provider, bytesPerMessage, byTable } of measured) {
    const bytesIn = (table: string) => byTable.find(({ name }) => name === table)?.bytes;
    expect(bytesIn("events"), provider).toBeLessThan(1_000);
    expect(bytesIn("messages"), provider).toBeLessThan(1_500);
    expect(bytesPerMessage, provider).toBeLessThan(2_500);
  }
  const mean = measured.reduce((sum, { bytesPerMessage }) => sum + bytesPerMessage, 0) / measured.length;
  const updatesPerMessage = 4;
  const months = 3;
  const assumed = ((amountsOf(updatesPerMessage, 0).apart["databaseGbMonths"] ?? 0) * 1e9) / months;
  expect(Math.abs(mean - assumed) / assumed).toBeLessThan(0.1);
});
