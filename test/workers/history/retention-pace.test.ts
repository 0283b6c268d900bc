/** How much retention does in one minute, and what it costs where there is nothing to do. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker from "../../../src/index.ts";
import { expireOld } from "../../../src/history/retention/consumer.ts";
import * as limits from "../../../src/model/limits.ts";
import { countedDatabase, givenMessageRows } from "../../support/database.ts";
import { alarmOf, freshMessageId, messageStub, recordUpdates, withBindings } from "../../support/messages.ts";
import { anUpdate, source } from "../../support/updates.ts";

const dayMs = 24 * 60 * 60 * 1000;
const shareMax = limits.retentionMessagesPerChunk * limits.retentionChunksMax;
const longAgo = new Date(Date.now() - 100 * dayMs).toISOString();
const today = new Date().toISOString();

beforeEach(async () => {
  await env.DB.batch(["messages", "events"].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function givenEvents(count: number, receivedAt: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO events (received_at, id, source, message_id, version, status, effect, repeats, body)
     SELECT ?1, 'evt_' || value, ?2, 'm', 1, 'sent', 'advanced', 0, '{}'
     FROM json_each(?3) WHERE true ON CONFLICT (received_at, id) DO NOTHING`,
  )
    .bind(receivedAt, source, JSON.stringify(Array.from({ length: count }, (_, index) => index)))
    .run();
}

async function left(table = "messages"): Promise<number> {
  return (await env.DB.prepare(`SELECT count(*) AS rows FROM ${table}`).first<number>("rows")) ?? 0;
}

/** Objects that let go as they are told to, by name. */
function objects(expire: (name: string) => Promise<boolean>) {
  return { getByName: (name: string) => ({ expire: () => expire(name) }) };
}

const MESSAGE = objects(async () => true);

function lines(): () => unknown[] {
  const written = vi.spyOn(console, "log").mockReturnValue();
  return () => written.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
}

describe("retention", () => {
  test("comes every minute", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [anUpdate()]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await worker.scheduled(
      { cron: "* * * * *", scheduledTime: Date.now() + 91 * dayMs, noRetry: () => {} },
      env,
    );
    expect(await messageStub(id).read()).toBeNull();
    expect(await left()).toBe(0);
  });

  test("keeps up with more than the 100 million updates a month that are priced", () => {
    const messagesPerMonth = shareMax * 60 * 24 * 30;
    expect(messagesPerMonth).toBeGreaterThan(3 * 33_000_000);
    expect(limits.retentionEventsPerChunk * limits.retentionChunksMax * 60 * 24 * 30).toBeGreaterThan(
      3 * 100_000_000,
    );
  });

  test("lets a bounded share go in one run, and the rest in the next", async () => {
    await givenMessageRows(shareMax + 100, "old-", longAgo);
    await givenEvents(limits.retentionEventsPerChunk * limits.retentionChunksMax + 1, longAgo);
    const written = lines();
    await expireOld(withBindings({ MESSAGE }), Date.now());
    expect([await left(), await left("events")]).toEqual([100, 1]);
    await expireOld(withBindings({ MESSAGE }), Date.now());
    expect([await left(), await left("events")]).toEqual([0, 0]);
    const cutoff: unknown = expect.any(String);
    expect(written()).toEqual([
      { line: "retention.ran", cutoff, messages: shareMax, kept: 0, events: 16_000 },
      { line: "retention.ran", cutoff, messages: 100, kept: 0, events: 1 },
    ]);
  });

  test("reads next to no row and says nothing where there is nothing to do", async () => {
    await givenMessageRows(200, "new-", today);
    await givenEvents(200, today);
    const written = lines();
    const { DB, read } = countedDatabase();
    await expireOld(withBindings({ DB, MESSAGE }), Date.now());
    expect(read.rows).toBeLessThanOrEqual(4);
    expect(written()).toEqual([]);
  });

  test("reads what goes, and not what stays", async () => {
    await givenMessageRows(2_000, "new-", today);
    await env.DB.prepare(
      `INSERT INTO former_recipients (recipient, source, message_id)
       SELECT '+1', source, message_id FROM messages WHERE true ON CONFLICT DO NOTHING`,
    ).run();
    await givenMessageRows(100, "old-", longAgo);
    const { DB, read } = countedDatabase();
    await expireOld(withBindings({ DB, MESSAGE }), Date.now());
    expect(await left()).toBe(2_000);
    expect(read.rows).toBeLessThan(20 * 100);
  });

  test("passes by what may not go yet, and tells of it, also where nothing went", async () => {
    const kept = limits.retentionMessagesPerChunk;
    await givenMessageRows(kept, "a-stuck-", longAgo);
    await givenMessageRows(100, "b-", longAgo);
    const stuck = objects(async (name) => !name.includes("stuck"));
    const written = lines();
    await expireOld(withBindings({ MESSAGE: stuck }), Date.now());
    expect(await left()).toBe(kept);
    await expireOld(withBindings({ MESSAGE: stuck }), Date.now());
    expect(written()).toMatchObject([
      { line: "retention.ran", messages: 100, kept, events: 0 },
      { line: "retention.ran", messages: 0, kept, events: 0 },
    ]);
  });

  test("where objects are slow, leaves the rest to the next run, which is about to come", async () => {
    await givenMessageRows(2 * limits.retentionMessagesPerChunk, "old-", longAgo);
    vi.useFakeTimers({ toFake: ["Date"] });
    const slow = objects(async () => {
      vi.setSystemTime(Date.now() + limits.retentionRunMsMax / limits.retentionMessagesPerChunk);
      return true;
    });
    await expireOld(withBindings({ MESSAGE: slow }), Date.now());
    expect(await left()).toBe(limits.retentionMessagesPerChunk);
  });
});

describe("two runs at once", () => {
  test("let each message go once, and count it once", async () => {
    await givenMessageRows(700, "old-", longAgo);
    await givenEvents(700, longAgo);
    const written = lines();
    const runs = [1, 2].map(() => expireOld(withBindings({ MESSAGE }), Date.now()));
    await Promise.all(runs);
    expect([await left(), await left("events")]).toEqual([0, 0]);
    const sums = written().map((line) => line as { messages: number; events: number });
    expect(sums.reduce((sum, { messages }) => sum + messages, 0)).toBe(700);
    expect(sums.reduce((sum, { events }) => sum + events, 0)).toBe(700);
  });

  test("keep a message that is born again between them", async () => {
    await givenMessageRows(1, "again-", longAgo);
    const reborn = objects(async () => {
      await expireOld(withBindings({ MESSAGE }), Date.now());
      await givenMessageRows(1, "again-", today);
      return true;
    });
    await expireOld(withBindings({ MESSAGE: reborn }), Date.now());
    expect(await left()).toBe(1);
  });
});
