import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Fields, isRoutine, levels, lineText, pointOf } from "../../../src/log/line.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/operations.md"), "utf8");

const ingest: Fields["ingest"] = {
  source: "my-nifteem",
  provider: "nifteem",
  updates: 2,
  recorded: 1,
  repeated: 1,
  ignored: 0,
  rejected: 0,
  status: 200,
  durationMs: 12,
};

test("docs/operations.md has a row for each line, with its level, its meaning and what to do", () => {
  const start = page.indexOf("| line | level |");
  const table = page.slice(start, page.indexOf("\n\n", start)).split("\n").slice(2);
  const rows = table.map((row) => row.split("|").map((cell) => cell.trim()));
  expect(rows.map(([, line, level]) => [line, level])).toEqual(
    Object.entries(levels).map(([line, level]) => [`\`${line}\``, level]),
  );
  for (const [, , , meaning, advice] of rows) expect(meaning && advice).toBeTruthy();
});

test("a line is one JSON object, its error cut", () => {
  expect(JSON.parse(lineText("ingest", ingest))).toEqual({ line: "ingest", ...ingest });
  const failed = { source: "a", error: new Error(`no\nobject ${"x".repeat(5_000)}`) };
  const text = lineText("ingest.failed", failed);
  expect(text).not.toContain("\n");
  expect(text.length).toBeLessThan(700);
  expect(JSON.parse(lineText("ingest", ingest, 0.01))).toMatchObject({ sample: 0.01 });
});

test("only what went well is routine", () => {
  expect(isRoutine("ingest", ingest)).toBe(true);
  expect(isRoutine("ingest", { ...ingest, status: 401 })).toBe(false);
  const fannedOut = { events: 3, retried: 0, durationMs: 1 };
  expect(isRoutine("events.fannedOut", fannedOut)).toBe(true);
  expect(isRoutine("events.fannedOut", { ...fannedOut, retried: 1 })).toBe(false);
  expect(isRoutine("retention.ran", { cutoff: "", messages: 0, kept: 0, events: 0 })).toBe(false);
  const attempted = {
    subscription: "s",
    eventId: "e",
    attempt: 1,
    statusCode: 500,
    durationMs: 1,
    error: null,
  };
  expect(isRoutine("delivery.attempted", { ...attempted, outcome: "failed" })).toBe(false);
  expect(isRoutine("delivery.attempted", { ...attempted, outcome: "delivered" })).toBe(true);
});

test("a point has the columns that docs/operations.md names", () => {
  expect(pointOf("ingest", ingest)).toEqual({
    indexes: ["ingest"],
    blobs: ["ingest", "my-nifteem", "200"],
    doubles: [1, 1, 12],
  });
  expect(pointOf("alarm.late", { object: "message", lateMs: 70_000 }).doubles).toEqual([1, 0, 70_000]);
});
