import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import { fanOut, reportDead } from "../../../src/fanout/consumer.ts";
import { type FanOutItem, fanOutItemSchema } from "../../../src/model/fanout.ts";
import type { Update } from "../../../src/model/update.ts";
import {
  alarmOf,
  freshMessageId,
  messageStub,
  recordUpdates,
  withBindings,
  withQueue,
} from "../../support/messages.ts";
import { anUpdate, at } from "../../support/updates.ts";

/** Records on a message whose queue only collects, and gives back what it was handed. */
async function collectItems(messageId: string, updates: readonly Update[]): Promise<FanOutItem[]> {
  const collected: FanOutItem[] = [];
  await messageStub(messageId).read();
  await withQueue(messageStub(messageId), async (messages) => {
    for (const { body } of messages) collected.push(fanOutItemSchema.parse(structuredClone(body)));
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  });
  await recordUpdates(messageId, updates);
  await expect.poll(() => collected.length).toBe(updates.length);
  return collected;
}

const known = { recipient: "+39000", group: "G1", aliases: ["A1"] };
const sent = anUpdate({ status: "sent", ...at("2026-11-21T10:00:00Z"), ...known });
const delivered = anUpdate({ status: "delivered", ...at("2026-11-21T10:01:00Z"), ...known });
const read = anUpdate({ status: "read", ...at("2026-11-21T10:02:00Z"), ...known });

async function deliver(bodies: readonly unknown[], bindings: Env = env) {
  const batch = createMessageBatch(
    "tickline-events",
    bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body })),
  );
  await fanOut(batch, bindings);
  const result = await getQueueResult(batch, createExecutionContext());
  return { acked: result.explicitAcks, retried: result.retryMessages.map(({ msgId }) => msgId) };
}

async function count(sql: string, id: string): Promise<number> {
  return (await env.DB.prepare(sql).bind(id).first<number>("rows")) ?? 0;
}

const eventRows = "SELECT count(*) AS rows FROM events WHERE message_id = ?1";
const messageVersion = "SELECT version AS rows FROM messages WHERE message_id = ?1";

describe("a batch", () => {
  test("run twice leaves one row an event, and the alarm down", async () => {
    const id = freshMessageId();
    const items = await collectItems(id, [sent, delivered, read]);
    expect(await deliver(items)).toEqual({ acked: ["0", "1", "2"], retried: [] });
    expect(await deliver(items)).toEqual({ acked: ["0", "1", "2"], retried: [] });
    expect(await count(eventRows, id)).toBe(3);
    expect(await alarmOf(messageStub(id))).toBeNull();
  });

  test("one poison item does not hold up the others", async () => {
    const id = freshMessageId();
    const items = await collectItems(id, [sent, delivered]);
    const unreadable = { event: "nonsense" };
    expect(await deliver([items[0], unreadable, items[1]])).toEqual({ acked: ["0", "2"], retried: ["1"] });
    expect(await count(eventRows, id)).toBe(2);
  });

  test("an item that one step can't take is retried alone", async () => {
    const [good, bad] = [freshMessageId(), freshMessageId()];
    const items = [...(await collectItems(good, [sent])), ...(await collectItems(bad, [sent]))];
    const feed = {
      publish: async (events: readonly { messageId: string }[]) => {
        if (events.some((event) => event.messageId === bad)) throw new Error("can't take this one");
      },
    };
    const FEED = { getByName: () => feed };
    expect(await deliver(items, withBindings({ FEED }))).toEqual({ acked: ["0"], retried: ["1"] });
    expect(await alarmOf(messageStub(good))).toBeNull();
    expect(await alarmOf(messageStub(bad))).not.toBeNull();
  });

  test.each([
    [
      "the tables",
      { DB: { prepare: () => ({ bind: () => null }), batch: () => Promise.reject(new Error("down")) } },
    ],
    ["the feed", { FEED: { getByName: () => ({ publish: () => Promise.reject(new Error("down")) }) } }],
    ["the message", { MESSAGE: { getByName: () => ({ confirm: () => Promise.reject(new Error("down")) }) } }],
  ])("stopped at %s is retried, stays guarded, and completes when run again", async (_, broken) => {
    const id = freshMessageId();
    const items = await collectItems(id, [sent, delivered]);
    expect(await deliver(items, withBindings(broken))).toEqual({ acked: [], retried: ["0", "1"] });
    expect(await alarmOf(messageStub(id))).not.toBeNull();
    expect(await deliver(items)).toEqual({ acked: ["0", "1"], retried: [] });
    expect(await count(eventRows, id)).toBe(2);
    expect(await count(messageVersion, id)).toBe(2);
    expect(await alarmOf(messageStub(id))).toBeNull();
  });

  test("an older item that comes later does not set the message back", async () => {
    const id = freshMessageId();
    const [first] = await collectItems(id, [sent]);
    const [second] = await collectItems(id, [read]);
    await deliver([second]);
    await deliver([first]);
    expect(await count(messageVersion, id)).toBe(2);
    expect(await count(eventRows, id)).toBe(2);
  });
});

describe("the dead-letter queue", () => {
  test("is emptied and reported, readable or not", async () => {
    const reported = vi.spyOn(console, "error").mockReturnValue();
    const [item] = await collectItems(freshMessageId(), [sent]);
    const bodies: unknown[] = [item, "nonsense"];
    const batch = createMessageBatch(
      "tickline-events-dead",
      bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 6, body })),
    );
    reportDead(batch);
    expect((await getQueueResult(batch, createExecutionContext())).ackAll).toBe(true);
    const lines = reported.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
    expect(lines).toMatchObject([
      { line: "events.dead", eventId: item?.event.id, attempts: 6 },
      { line: "events.dead", eventId: null, source: null },
    ]);
    reported.mockRestore();
  });
});

describe("billed rows in D1", () => {
  test("at most 3 for a new event, and once a message 1 each for recipient, group and alias", async () => {
    const written: number[] = [];
    const DB = {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: async (statements: D1PreparedStatement[]) => {
        const results = await env.DB.batch(statements);
        written.push(results.reduce((sum, result) => sum + result.meta.rows_written, 0));
        return results;
      },
    };
    const id = freshMessageId();
    await deliver(await collectItems(id, [sent]), withBindings({ DB }));
    const second = await collectItems(id, [read]);
    await deliver(second, withBindings({ DB }));
    await deliver(second, withBindings({ DB }));
    expect(written).toEqual([6, 3, 0]);
  });
});
