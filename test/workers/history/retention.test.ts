import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import worker from "../../../src/index.ts";
import { expireOld } from "../../../src/history/retention/consumer.ts";
import {
  alarmOf,
  freshMessageId,
  messageStub,
  recordUpdates,
  withBindings,
  withQueue,
} from "../../support/messages.ts";
import { anUpdate, at } from "../../support/updates.ts";

const dayMs = 24 * 60 * 60 * 1000;
const afterRetention = () => Date.now() + 90 * dayMs + 60_000;
const delivered = anUpdate({ aliases: ["wamid.1"] });

async function rowsOf(id: string): Promise<number[]> {
  return Promise.all(
    ["messages", "events", "message_aliases", "former_recipients"].map(
      async (table) =>
        (await env.DB.prepare(`SELECT count(*) AS rows FROM ${table} WHERE message_id = ?1`)
          .bind(id)
          .first<number>("rows")) ?? 0,
    ),
  );
}

async function countsAndTraces(): Promise<unknown> {
  const sum = "SELECT (SELECT count(*) FROM rollups) + (SELECT count(*) FROM erasures) AS rows";
  return env.DB.prepare(sum).first("rows");
}

describe("retention", () => {
  test("lets the object and its rows go, and a message born again begins anew", async () => {
    const id = freshMessageId();
    const corrected = anUpdate({ status: "recipient_corrected", recipient: "+39-2" });
    await recordUpdates(id, [{ ...delivered, recipient: "+39-1" }, corrected]);
    await expect.poll(() => rowsOf(id)).toEqual([1, 2, 1, 1]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await expireOld(env, Date.now());
    expect(await rowsOf(id)).toEqual([1, 2, 1, 1]);
    await expireOld(env, afterRetention());
    expect(await rowsOf(id)).toEqual([0, 0, 0, 0]);
    expect(await messageStub(id).read()).toBeNull();
    await recordUpdates(id, [delivered]);
    expect(await messageStub(id).read()).toMatchObject({ version: 1, duplicates: 0 });
    await expect.poll(() => rowsOf(id)).toEqual([1, 1, 1, 0]);
  });

  test("keeps what is not fanned out yet", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [delivered]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await evictDurableObject(messageStub(id));
    await messageStub(id).read();
    await withQueue(messageStub(id), () => Promise.reject(new Error("queue is down")));
    await recordUpdates(id, [anUpdate({ status: "read", ...at("2026-11-21T11:00:00Z") })]);
    await expireOld(env, afterRetention());
    expect(await messageStub(id).read()).toMatchObject({ version: 2 });
    expect((await rowsOf(id))[0]).toBe(1);
  });

  test("takes roll-ups and the traces of erasures with it, by the hour", async () => {
    const received = new Date().toISOString();
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO rollups (minute, source, measure, bucket, count) VALUES (substr(?1, 1, 16), 's', 'status', 'sent', 1)
         ON CONFLICT DO NOTHING`,
      ).bind(received),
      env.DB.prepare(
        `INSERT INTO erasures (name_hash, born, erased_at, erased_by) VALUES ('hash', ?1, ?1, 'root')
         ON CONFLICT DO NOTHING`,
      ).bind(received),
    ]);
    const hourly = { cron: "17 * * * *", noRetry: () => {} };
    await worker.scheduled({ ...hourly, scheduledTime: Date.now() + 89 * dayMs }, env);
    expect(await countsAndTraces()).toBe(2);
    await worker.scheduled({ ...hourly, scheduledTime: Date.now() + 91 * dayMs }, env);
    expect(await countsAndTraces()).toBe(0);
  });

  test("cut off between object and rows, the next run finishes", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [delivered]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    const DB = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: () => Promise.reject(new Error("cut off")),
    };
    await expect(expireOld(withBindings({ DB }), afterRetention())).rejects.toThrow("cut off");
    expect(await messageStub(id).read()).toBeNull();
    expect((await rowsOf(id))[0]).toBe(1);
    await expireOld(env, afterRetention());
    expect(await rowsOf(id)).toEqual([0, 0, 0, 0]);
  });
});
