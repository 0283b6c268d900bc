import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { report, reportLateAlarm, runCron } from "../../../src/log/report.ts";

const fannedOut = { events: 3, retried: 0, durationMs: 1 };

afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(env, { LOG_SAMPLE: "1", METRICS: undefined });
});

function linesOf({ mock }: { readonly mock: { readonly calls: readonly unknown[][] } }): unknown[] {
  return mock.calls.map(([line]): unknown => JSON.parse(String(line)));
}

test("routine lines are sampled and say so; what went wrong is always written, and all is counted", () => {
  const points: unknown[] = [];
  const METRICS = { writeDataPoint: (point: unknown) => points.push(point) };
  Object.assign(env, { LOG_SAMPLE: "0.25", METRICS });
  const chance = vi.spyOn(Math, "random");
  const written = vi.spyOn(console, "log").mockReturnValue();
  chance.mockReturnValue(0.3);
  report("events.fannedOut", fannedOut);
  expect(written).not.toHaveBeenCalled();
  report("events.fannedOut", { ...fannedOut, retried: 1 });
  chance.mockReturnValue(0.2);
  report("events.fannedOut", fannedOut);
  expect(linesOf(written)).toEqual([
    { line: "events.fannedOut", ...fannedOut, retried: 1 },
    { line: "events.fannedOut", ...fannedOut, sample: 0.25 },
  ]);
  expect(points).toHaveLength(3);
});

test("a dataset that refuses does not matter, nor does a share that is none", () => {
  const METRICS = {
    writeDataPoint: () => {
      throw new Error("too many");
    },
  };
  Object.assign(env, { LOG_SAMPLE: "all", METRICS });
  const written = vi.spyOn(console, "log").mockReturnValue();
  report("events.fannedOut", fannedOut);
  expect(written).toHaveBeenCalledOnce();
});

test("a cron that is late says so; a job that fails keeps no other from running, and fails the run", async () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  const failed = vi.spyOn(console, "error").mockReturnValue();
  const ran: number[] = [];
  const scheduledTime = Date.now() - 61_000;
  const run = runCron({ cron: "17 * * * *", scheduledTime }, env, [
    async () => {
      throw new Error("no database");
    },
    async (_, nowMs) => {
      ran.push(nowMs);
    },
  ]);
  await expect(run).rejects.toThrow("no database");
  expect(ran).toEqual([scheduledTime]);
  expect(linesOf(warned)).toEqual([{ line: "cron.late", cron: "17 * * * *", lateMs: expect.any(Number) }]);
  expect(linesOf(failed)).toEqual([{ line: "cron.failed", cron: "17 * * * *", error: "Error: no database" }]);
});

test("an alarm says that it is late from a minute on", () => {
  const warned = vi.spyOn(console, "warn").mockReturnValue();
  reportLateAlarm("message", { scheduledTime: Date.now() - 50_000 });
  reportLateAlarm("message", undefined);
  expect(warned).not.toHaveBeenCalled();
  reportLateAlarm("subscription", { scheduledTime: Date.now() - 60_000 });
  expect(linesOf(warned)).toMatchObject([{ line: "alarm.late", object: "subscription" }]);
});
