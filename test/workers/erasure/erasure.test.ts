import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { fanOut } from "../../../src/fanout/consumer.ts";
import { eraseRows } from "../../../src/history/erasure/store.ts";
import { appendHistory } from "../../../src/history/store.ts";
import { feedObjectName, messageObjectName } from "../../../src/model/record.ts";
import { summarize } from "../../../src/message/ledger.ts";
import { ask } from "../../support/api.ts";
import { givenSource } from "../../support/sources.ts";
import { nifteemHeaders, send } from "../../support/webhooks.ts";
import { alarmOf, freshMessageId, messageStub, recordUpdates } from "../../support/messages.ts";
import { anUpdate, at, identified, source } from "../../support/updates.ts";

async function textEverywhere(): Promise<string> {
  const tables = ["messages", "events", "message_aliases", "former_recipients", "erasures"];
  const rows = await Promise.all(tables.map((table) => env.DB.prepare(`SELECT * FROM ${table}`).all()));
  const feed = await (await ask("GET", "/v1/events?after=earliest&limit=200")).text();
  return JSON.stringify(rows.map(({ results }) => results)) + feed;
}

describe("DELETE /v1/messages/{source}/{messageId}", () => {
  test("takes the message out of its object, the tables and the feed, and leaves a trace", async () => {
    const id = freshMessageId();
    const recipient = `+39-${crypto.randomUUID()}`;
    await recordUpdates(id, [anUpdate({ recipient, aliases: [`wamid.${id}`] })]);
    await expect.poll(textEverywhere).toContain(recipient);
    expect((await ask("DELETE", `/v1/messages/${source}/${id}`)).status).toBe(204);
    expect(await messageStub(id).read()).toBeNull();
    const left = await textEverywhere();
    expect(left).not.toContain(recipient);
    expect(left).not.toContain(id);
    expect(left).toContain("erased_by");
    expect((await ask("DELETE", `/v1/messages/${source}/${id}`)).status).toBe(404);
  });

  test("a redelivery by the queue does not bring it back; a new update begins a new life", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [anUpdate()]);
    const message = await messageStub(id).read();
    if (message === null) throw new Error("just recorded");
    const [event] = message.history;
    const item = { event, summary: summarize(message), repeats: 0 };
    await ask("DELETE", `/v1/messages/${source}/${id}`);
    const batch = createMessageBatch("tickline-events", [
      { id: "0", timestamp: new Date(), attempts: 2, body: item },
    ]);
    await fanOut(batch, env);
    expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual(["0"]);
    expect(await textEverywhere()).not.toContain(id);
    await recordUpdates(id, [anUpdate({ status: "read", ...at("2026-11-21T11:00:00Z") })]);
    await expect.poll(textEverywhere).toContain(id);
    expect(await messageStub(id).read()).toMatchObject({ version: 1, status: "read" });
  });

  test("the place in the feed stays, so that nobody's chain breaks", async () => {
    const id = freshMessageId();
    const before = await env.FEED.getByName(feedObjectName).head();
    await recordUpdates(id, [anUpdate()]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    const after = await env.FEED.getByName(feedObjectName).head();
    await ask("DELETE", `/v1/messages/${source}/${id}`);
    expect(await env.FEED.getByName(feedObjectName).head()).toBe(after);
    const page = await (await ask("GET", `/v1/events?after=${before}`)).json();
    expect(page).toMatchObject({ data: [], cursor: after, upToDate: true });
  });

  test("a row whose object is gone goes too", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [anUpdate({ aliases: [`wamid.${id}`] })]);
    const message = await messageStub(id).read();
    if (message === null) throw new Error("just recorded");
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await messageStub(id).erase(1);
    const [event] = message.history;
    if (event === undefined) throw new Error("just recorded");
    await appendHistory(env.DB, [{ event, summary: summarize(message), repeats: 0 }]);
    expect((await ask("DELETE", `/v1/messages/${source}/${id}`)).status).toBe(404);
    for (const query of [`messageId=${id}`, `alias=wamid.${id}`]) {
      expect(await (await ask("GET", `/v1/messages?${query}`)).json()).toMatchObject({ data: [] });
    }
    const aliases = env.DB.prepare("SELECT * FROM message_aliases WHERE message_id = ?1").bind(id);
    expect((await aliases.all()).results).toEqual([]);
  });
});

describe("POST /v1/erasures", () => {
  test("erases every message of a recipient, and no other", async () => {
    const recipient = `+39-${crypto.randomUUID()}`;
    const [one, two, other] = [freshMessageId(), freshMessageId(), freshMessageId()];
    await recordUpdates(one, [anUpdate({ recipient })]);
    await recordUpdates(two, [anUpdate({ recipient, status: "failed" })]);
    await recordUpdates(other, [anUpdate({ recipient: "+1" })]);
    const ofRecipient = `/v1/messages?recipient=${encodeURIComponent(recipient)}`;
    await expect
      .poll(async () => (await (await ask("GET", ofRecipient)).json<{ data: unknown[] }>()).data)
      .toHaveLength(2);
    const answer = await ask("POST", "/v1/erasures", { body: { recipient } });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ erased: 2, rejected: 0, more: false });
    expect(await textEverywhere()).not.toContain(recipient);
    expect(await messageStub(one).read()).toBeNull();
    expect(await messageStub(other).read()).toMatchObject({ version: 1 });
  });

  test.each([
    ["told apart", [["sent"], ["recipient_corrected"]]],
    ["told together", [["sent", "recipient_corrected"]]],
    ["told the other way round", [["recipient_corrected"], ["sent"]]],
  ] as const)("finds a message by the number before its correction: %s", async (_, webhooks) => {
    const [before, after] = [`+39-${crypto.randomUUID()}`, `+39-${crypto.randomUUID()}`];
    const id = freshMessageId();
    for (const statuses of webhooks) {
      const updates = statuses.map((status) =>
        anUpdate({ status, recipient: status === "sent" ? before : after }),
      );
      await recordUpdates(id, updates);
      await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    }
    const answer = await ask("POST", "/v1/erasures", { body: { recipient: before } });
    expect(await answer.json()).toMatchObject({ erased: 1 });
    expect(await messageStub(id).read()).toBeNull();
    const left = await textEverywhere();
    for (const recipient of [before, after]) expect(left).not.toContain(recipient);
  });

  test("asked again after an answer that it is still moving, finds the message again", async () => {
    const recipient = `+39-${crypto.randomUUID()}`;
    const id = freshMessageId();
    await recordUpdates(id, [anUpdate({ recipient })]);
    await expect.poll(textEverywhere).toContain(recipient);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    const message = await messageStub(id).read();
    const events = message?.history ?? [];
    // Cut off after the copies and before the object.
    await eraseRows(
      env.DB,
      [
        {
          source,
          messageId: id,
          born: events[0]?.receivedAt ?? "",
          version: events.length,
          aliases: [],
          events,
        },
      ],
      "root",
      "2026-11-22T00:00:00.000Z",
    );
    const answer = await ask("POST", "/v1/erasures", { body: { recipient } });
    expect(await answer.json()).toMatchObject({ erased: 1 });
    expect(await messageStub(id).read()).toBeNull();
    expect(await textEverywhere()).not.toContain(recipient);
  });

  test("refuses a body without a recipient, and names it", async () => {
    const answer = await ask("POST", "/v1/erasures", { body: {} });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ errors: [{ path: "recipient" }] });
  });
});

async function kept(): Promise<number> {
  const list = await (await ask("GET", "/v1/rejected?limit=200")).json<{ data: unknown[] }>();
  return list.data.length;
}

test("the rejected webhooks that name a message go with it, under each of its ids and before its object", async () => {
  const of = await givenSource();
  const alias = `wamid.${freshMessageId()}`;
  const messageId = freshMessageId();
  const stub = env.MESSAGE.getByName(messageObjectName(of, messageId));
  const updates = await identified([{ ...anUpdate({ aliases: [alias] }), messageId }]);
  await stub.record({ source: of, provider: "nifteem", messageId, updates });
  await expect.poll(() => alarmOf(stub)).toBeNull();
  const before = await kept();
  for (const dispatchId of [alias, messageId, `${messageId}9`]) {
    const body = JSON.stringify({ dispatchId, status: "READ" });
    expect((await send({ path: `/in/${of}`, headers: nifteemHeaders, body })).status).toBe(422);
  }
  expect((await ask("DELETE", `/v1/messages/${of}/${messageId}`)).status).toBe(204);
  expect(await kept()).toBe(before + 1);
});

test("of the rejected webhooks only those go that have the recipient as a word of its own", async () => {
  const rejected = await givenSource();
  const before = await kept();
  for (const channelIdentifier of ["+39111", "+391119"]) {
    const body = JSON.stringify({ dispatchId: "D", status: "READ", channelIdentifier });
    expect((await send({ path: `/in/${rejected}`, headers: nifteemHeaders, body })).status).toBe(422);
  }
  const answer = await ask("POST", "/v1/erasures", { body: { recipient: "+39111" } });
  expect(await answer.json()).toMatchObject({ rejected: 1 });
  expect(await kept()).toBe(before + 1);
});
