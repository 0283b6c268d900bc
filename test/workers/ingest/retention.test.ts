import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../../../src/index.ts";
import { anything, answerOf, ask, newSource } from "../../support/api.ts";
import { withBindings } from "../../support/messages.ts";

const dayMs = 24 * 60 * 60 * 1000;
const hourly = (ageDays: number) => ({
  cron: "17 * * * *",
  scheduledTime: Date.now() + ageDays * dayMs,
  type: "scheduled" as const,
  noRetry: () => {},
});

async function givenRejected(): Promise<() => Promise<number>> {
  const { id } = await newSource();
  const headers = { "X-API-Key": "secret" };
  await answerOf(await ask("POST", `/in/${id}`, { key: null, headers, body: "{" }), 422, anything);
  return async () => {
    const counted = env.DB.prepare("SELECT count(*) AS rows FROM rejected WHERE source = ?1").bind(id);
    return (await counted.first<number>("rows")) ?? 0;
  };
}

test("a rejected webhook goes RETENTION_DAYS after it last came", async () => {
  const rows = await givenRejected();
  await worker.scheduled(hourly(89.9), env);
  expect(await rows()).toBe(1);
  await worker.scheduled(hourly(90.1), env);
  expect(await rows()).toBe(0);
});

test("an hourly job that fails keeps the others from nothing, and the run is known to have failed", async () => {
  const rows = await givenRejected();
  const DB = {
    prepare: (sql: string) => {
      if (sql.includes("FROM sources")) throw new Error("the watch is broken");
      return env.DB.prepare(sql);
    },
    batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
  };
  await expect(worker.scheduled(hourly(90.1), withBindings({ DB }))).rejects.toThrow("the watch is broken");
  expect(await rows()).toBe(0);
});
