import { expect, test } from "vitest";
import { retentionCutoff } from "../../../src/model/retention.ts";

const nowMs = Date.UTC(2026, 10, 22);

test.each([
  ["1", "2026-11-21T00:00:00.000Z"],
  ["0.5", "2026-11-21T12:00:00.000Z"],
  ["90", "2026-08-24T00:00:00.000Z"],
  ["0", "2026-08-24T00:00:00.000Z"],
  ["-1", "2026-08-24T00:00:00.000Z"],
  ["", "2026-08-24T00:00:00.000Z"],
  ["soon", "2026-08-24T00:00:00.000Z"],
])("RETENTION_DAYS %j keeps what came since %s", (days, cutoff) => {
  expect(retentionCutoff(days, nowMs)).toBe(cutoff);
});
