/** How much retention does in one minute, and what it costs where there is nothing to do. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import worker from "../../../src/index.ts";
import { expireOld } from "../../../src/history/retention/consumer.ts";
import * as limits from "../../../src/model/limits.ts";
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

/** Rows of messages as the fan-out leaves them; the objects are the test's. */
async function givenMessages(count: number, prefix: string, receivedAt: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO messages (source, message_id, provider, born, version, status, recipient, last_received_at, summary)
     SELECT ?1, ?2 || value, 'nifteem', ?3, 1, 'sent', '+39' || value, ?3, json_object('aliases', json_array('A' || value))
     FROM json_each(?4) WHERE true ON CONFLICT (source, message_id) DO NOTHING`,
  )
    .bind(source, prefix, receivedAt, JSON.stringify(Array.from({ length: count }, (_, index) => index)))
    .run();
}

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

/** The database, with the rows that it read. */
function counted() {
  const read = { rows: 0 };
  interface Counted {
    readonly raw: D1PreparedStatement;
    readonly bind: (...values: unknown[]) => Counted;
    readonly all: () => Promise<D1Result>;
    readonly run: () => Promise<D1Result>;
  }
  const note = (result: D1Result): D1Result => {
    read.rows += result.meta.rows_read;
    return result;
  };
  const wrap = (raw: D1PreparedStatement): Counted => ({
    raw,
    bind: (...values) => wrap(raw.bind(...values)),
    all: async () => note(await raw.all()),
    run: async () => note(await raw.run()),
  });
  const DB = {
    prepare: (sql: string) => wrap(env.DB.prepare(sql)),
    batch: async (statements: readonly Counted[]) =>
      (await env.DB.batch(statements.map(({ raw }) => raw))).map(note),
  };
  return { DB, read };
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
    await givenMessages(shareMax + 100, "old-", longAgo);
    await givenEvents(limits.retentionEventsPerChunk * limits.retentionChunksMax + 1, longAgo);
    const written = lines();
    await expireOld(withBindings({ MESSAGE }), Date.now());
    expect([await left(), await left("events")]).toEqual([100, 1]);
    await expireOld(withBindings({ MESSAGE }), Date.now());
    expect([await left(), await left("events")]).toEqual([0, 0]);
    const cutoff: unknown = expect.any(String);
    expect(written()).toEqual([
      { line: "retention.ran", cutoff, messages: shareMax, events: 16_000 },
      { line: "retention.ran", cutoff, messages: 100, events: 1 },
    ]);
  });

  test("reads next to no row and says nothing where there is nothing to do", async () => {
    await givenMessages(200, "new-", today);
    await givenEvents(200, today);
    const written = lines();
    const { DB, read } = counted();
    await expireOld(withBindings({ DB, MESSAGE }), Date.now());
    expect(read.rows).toBeLessThanOrEqual(4);
    expect(written()).toEqual([]);
  });

  test("reads what goes, and not what stays", async () => {
    await givenMessages(2_000, "new-", today);
    await env.DB.prepare(
      `INSERT INTO former_recipients (recipient, source, message_id)
       SELECT '+1', source, message_id FROM messages WHERE true ON CONFLICT DO NOTHING`,
    ).run();
    await givenMessages(100, "old-", longAgo);
    const { DB, read } = counted();
    await expireOld(withBindings({ DB, MESSAGE }), Date.now());
    expect(await left()).toBe(2_000);
    expect(read.rows).toBeLessThan(20 * 100);
  });

  test("passes by what may not go yet", async () => {
    await givenMessages(limits.retentionMessagesPerChunk, "a-stuck-", longAgo);
    await givenMessages(100, "b-", longAgo);
    const stuck = objects(async (name) => !name.includes("stuck"));
    await expireOld(withBindings({ MESSAGE: stuck }), Date.now());
    expect(await left()).toBe(limits.retentionMessagesPerChunk);
  });

  test("where objects are slow, leaves the rest to the next run, which is about to come", async () => {
    await givenMessages(2 * limits.retentionMessagesPerChunk, "old-", longAgo);
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
    await givenMessages(700, "old-", longAgo);
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
    await givenMessages(1, "again-", longAgo);
    const reborn = objects(async () => {
      await expireOld(withBindings({ MESSAGE }), Date.now());
      await givenMessages(1, "again-", today);
      return true;
    });
    await expireOld(withBindings({ MESSAGE: reborn }), Date.now());
    expect(await left()).toBe(1);
  });
});
