/** Messages of an erased recipient that were recorded before, and reach the tables after. */
import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { eraseLatecomers } from "../../../src/erasure/consumer.ts";
import worker from "../../../src/index.ts";
import { fanOut } from "../../../src/fanout/consumer.ts";
import {
  keepRequest,
  messagesOfRequest,
  messagesStillRequested,
} from "../../../src/history/erasure/store.ts";
import { summarize } from "../../../src/message/ledger.ts";
import type { FanOutItem } from "../../../src/model/fanout.ts";
import type { Update } from "../../../src/model/update.ts";
import { ask, newKey } from "../../support/api.ts";
import {
  freshMessageId,
  messageStub,
  recordUpdates,
  withBindings,
  withQueue,
} from "../../support/messages.ts";
import { countedDatabase, givenMessageRows } from "../../support/database.ts";
import { anUpdate, source } from "../../support/updates.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM recipient_erasures").run();
});

const freshRecipient = () => `+39-${crypto.randomUUID()}`;

/** Recorded and answered; what goes to the tables waits for `deliver`. */
async function onItsWay(id: string, updates: readonly Update[]): Promise<FanOutItem[]> {
  await messageStub(id).read();
  await withQueue(messageStub(id), async () => ({
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  }));
  await recordUpdates(id, updates);
  const message = await messageStub(id).read();
  if (message === null) throw new Error("just recorded");
  return message.history.map((event) => ({ event, summary: summarize(message), repeats: 0 }));
}

async function deliver(items: readonly FanOutItem[]): Promise<void> {
  const messages = items.map((body, index) => ({
    id: String(index),
    timestamp: new Date(),
    attempts: 1,
    body,
  }));
  await fanOut(createMessageBatch("tickline-events", messages), env);
}

async function aMinuteLater(laterMs = minuteMs, bindings: Env = env): Promise<void> {
  const scheduledTime = Date.now() + laterMs;
  await worker.scheduled({ cron: "* * * * *", scheduledTime, noRetry: () => {} }, bindings);
}

async function erase(recipient: string, key: string = env.ROOT_KEY): Promise<unknown> {
  return (await ask("POST", "/v1/erasures", { body: { recipient }, key })).json();
}

async function found(id: string): Promise<boolean> {
  const tables = ["messages", "events", "former_recipients"];
  const counts = await Promise.all(
    tables.map((table) =>
      env.DB.prepare(`SELECT count(*) AS rows FROM ${table} WHERE message_id = ?1`).bind(id).first("rows"),
    ),
  );
  const feed = await (await ask("GET", "/v1/events?after=earliest&limit=200")).text();
  return counts.some((rows) => rows !== 0) || feed.includes(id) || (await messageStub(id).read()) !== null;
}

const corrected = (from: string, to: string) => [
  anUpdate({ recipient: from }),
  anUpdate({ status: "recipient_corrected", recipient: to }),
];

test.each([
  ["its recipient", (recipient: string) => [anUpdate({ recipient })]],
  ["a former recipient", (recipient: string) => corrected(recipient, "+1")],
])("a message that was in the queue is erased within a minute of its arrival, by %s", async (_, updates) => {
  const [id, recipient] = [freshMessageId(), freshRecipient()];
  const items = await onItsWay(id, updates(recipient));
  expect(await erase(recipient)).toEqual({ erased: 0, rejected: 0, more: false });
  await aMinuteLater();
  expect(await messageStub(id).read()).not.toBeNull();
  await deliver(items);
  await aMinuteLater();
  expect(await found(id)).toBe(false);
});

test("what is sent to the recipient afterwards stays, until it is asked again", async () => {
  const [id, recipient] = [freshMessageId(), freshRecipient()];
  await erase(recipient);
  // Clocks tell milliseconds apart, and nothing finer.
  const askedMs = Date.now();
  await expect.poll(() => Date.now()).toBeGreaterThan(askedMs);
  await deliver(await onItsWay(id, [anUpdate({ recipient })]));
  await aMinuteLater();
  expect(await found(id)).toBe(true);
  expect(await erase(recipient)).toMatchObject({ erased: 1 });
  expect(await found(id)).toBe(false);
});

test("a key's sources bound what it erases, also later", async () => {
  const [id, recipient] = [freshMessageId(), freshRecipient()];
  const items = await onItsWay(id, [anUpdate({ recipient })]);
  const other = await newKey(["messages:erase"], ["another-source"]);
  const own = await newKey(["messages:erase"], [source]);
  await erase(recipient, other.key);
  await deliver(items);
  await aMinuteLater();
  expect(await found(id)).toBe(true);
  expect(await erase(recipient, own.key)).toMatchObject({ erased: 1 });
});

test.each([
  ["is deleted", null],
  ["has expired", () => ({ expiresAt: new Date(Date.now() + minuteMs / 2).toISOString() })],
  ["may not erase any more", () => ({ scopes: ["messages:read"] })],
  ["sees other sources now", () => ({ sources: ["another-source"] })],
])("nothing is erased any more for a key that %s", async (_, change) => {
  const [id, recipient] = [freshMessageId(), freshRecipient()];
  const items = await onItsWay(id, [anUpdate({ recipient })]);
  const { id: keyId, key } = await newKey(["messages:erase"], [source]);
  await erase(recipient, key);
  await deliver(items);
  const path = `/v1/keys/${keyId}`;
  const changed = change === null ? await ask("DELETE", path) : await ask("PATCH", path, { body: change() });
  expect(changed.ok).toBe(true);
  await aMinuteLater();
  expect(await found(id)).toBe(true);
});

test("a key that is left as it was goes on being heard", async () => {
  const [id, recipient] = [freshMessageId(), freshRecipient()];
  const items = await onItsWay(id, [anUpdate({ recipient })]);
  const { key } = await newKey(["messages:read", "messages:erase"], ["another-source", source]);
  await erase(recipient, key);
  await deliver(items);
  await aMinuteLater();
  expect(await found(id)).toBe(false);
});

test("the recipient is forgotten a day after it was asked", async () => {
  const recipient = freshRecipient();
  const kept = () =>
    env.DB.prepare("SELECT count(*) AS rows FROM recipient_erasures WHERE recipient = ?1")
      .bind(recipient)
      .first("rows");
  await erase(recipient);
  await aMinuteLater(dayMs - minuteMs);
  expect(await kept()).toBe(1);
  await aMinuteLater(dayMs + minuteMs);
  expect(await kept()).toBe(0);
});

test("what still moves is erased by a later run, and keeps no other", async () => {
  const recipient = freshRecipient();
  const [stuck, good] = [freshMessageId(), freshMessageId()];
  const items = [
    ...(await onItsWay(stuck, [anUpdate({ recipient })])),
    ...(await onItsWay(good, [anUpdate({ recipient })])),
  ];
  await erase(recipient);
  await deliver(items);
  const getByName = (name: string) =>
    name.endsWith(stuck)
      ? { read: () => Promise.reject(new Error("no answer")) }
      : env.MESSAGE.getByName(name);
  await aMinuteLater(minuteMs, withBindings({ MESSAGE: { getByName } }));
  expect([await found(stuck), await found(good)]).toEqual([true, false]);
  await aMinuteLater();
  expect(await found(stuck)).toBe(false);
});

test("a run looks once at what still moves: the next one comes in a minute", async () => {
  const recipient = freshRecipient();
  const id = freshMessageId();
  const items = await onItsWay(id, [anUpdate({ recipient })]);
  await erase(recipient);
  await deliver(items);
  let tries = 0;
  const getByName = (name: string) => ({
    read: (own?: boolean) => env.MESSAGE.getByName(name).read(own),
    erase: async () => {
      tries += 1;
      return false;
    },
  });
  await aMinuteLater(minuteMs, withBindings({ MESSAGE: { getByName } }));
  expect(tries).toBe(1);
});

/** Rows of messages that all go to one recipient, without their objects. */
async function givenMessagesTo(recipient: string, count: number): Promise<void> {
  const prefix = `${recipient}-`;
  await givenMessageRows(count, prefix, new Date(Date.now() - minuteMs).toISOString());
  await env.DB.prepare("UPDATE messages SET recipient = ?1 WHERE substr(message_id, 1, ?2) = ?3")
    .bind(recipient, prefix.length, prefix)
    .run();
}

test("a recipient with more messages than one run erases keeps no other waiting, nor makes it read them all", async () => {
  const [many, one] = [freshRecipient(), freshRecipient()];
  await givenMessagesTo(many, 2_000);
  await givenMessagesTo(one, 1);
  for (const recipient of [many, one]) {
    await keepRequest(env.DB, { recipient, keyId: "root" }, null, new Date().toISOString());
  }
  const foundFirst = new Set<boolean>();
  for (let run = 0; run < 60; run += 1) {
    const { DB, read } = countedDatabase();
    const now = new Date().toISOString();
    const late = await messagesStillRequested(withBindings({ DB }).DB, now, 200);
    expect(late).toHaveLength(200);
    expect(read.rows).toBeLessThan(1_000);
    foundFirst.add(late.some(({ messageId }) => messageId.startsWith(one)));
  }
  expect(foundFirst).toEqual(new Set([true, false]));
});

async function rowsRead(): Promise<number> {
  const { DB, read } = countedDatabase();
  await eraseLatecomers(withBindings({ DB }), Date.now());
  return read.rows;
}

test("looking costs a few rows for each recipient that is looked for, and next to none where there is none", async () => {
  await givenMessageRows(2_000, "others-", new Date().toISOString());
  expect(await rowsRead()).toBeLessThanOrEqual(5);
  for (let count = 0; count < 10; count += 1) await erase(freshRecipient());
  expect(await rowsRead()).toBeLessThan(100);
});

test.each([
  ["nothing of those before it", 0, 10],
  ["no more messages than it erases", 2_000, 1_000],
])("one more request reads %s", async (_, messages, rowsMax) => {
  for (let count = 0; count < 30; count += 1) await erase(freshRecipient());
  const request = { recipient: freshRecipient(), keyId: "root" };
  if (messages > 0) await givenMessagesTo(request.recipient, messages);
  await keepRequest(env.DB, request, null, new Date().toISOString());
  const { DB, read } = countedDatabase();
  const asked = await messagesOfRequest(withBindings({ DB }).DB, request, 200);
  expect(asked).toHaveLength(Math.min(messages, 200));
  expect(read.rows).toBeLessThan(rowsMax);
});
