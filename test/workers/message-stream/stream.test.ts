import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { ask, newKey, newSource } from "../../support/api.ts";
import { connect, type TestSocket, upgrade } from "../../support/feed.ts";
import { newToken, object, path, record, source } from "../../support/messageStream.ts";
import { anUpdate, at, identified } from "../../support/updates.ts";

beforeAll(async () => {
  await newSource({ id: source });
});

test("a message nobody knows yet is null, and is there as soon as its first event comes; reading made nothing", async () => {
  const socket = await connect(path("early"));
  expect(await socket.take("welcome")).toMatchObject({ maxSubscriptions: 1 });
  expect(await socket.take("subscribed")).toMatchObject({ id: "m", from: "0", head: "0" });
  expect(await socket.take("message")).toEqual({ type: "message", message: null });
  expect(await socket.take("live")).toEqual({ type: "live", id: "m", cursor: "0" });
  expect(socket.frames.map(({ type }) => type)).toEqual(["welcome", "subscribed", "message", "live"]);
  await runInDurableObject(object("early"), async (_, { storage }) => {
    expect(storage.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
    expect((await storage.list()).size).toBe(0);
  });
  await record("early", 1);
  expect(await socket.take("events")).toMatchObject({ id: "m", from: "0", to: "1", replay: false });
});

test("a known message comes whole, then its events, across an eviction, in one chain", async () => {
  await record("known", 1);
  const socket = await connect(path("known"));
  const { message } = await socket.take("message");
  expect(message).toMatchObject({ messageId: "known", version: 1, status: "delivered" });
  await record("known", 2);
  expect(await socket.take("events")).toMatchObject({ from: "1", to: "2" });
  await evictDurableObject(object("known"));
  await record("known", 3);
  const { events } = await socket.take("events");
  expect(events.map(({ version, cursor }) => [version, cursor])).toEqual([[3, "3"]]);
});

test("?after= leaves the message out and replays what came since", async () => {
  for (const second of [1, 2, 3]) await record("resumed", second);
  const socket = await connect(path("resumed", "?after=1"));
  expect(await socket.take("subscribed")).toMatchObject({ from: "1", head: "3" });
  const page = await socket.take("events");
  expect(page).toMatchObject({ from: "1", to: "3", replay: true });
  expect(page.events.map(({ version }) => version)).toEqual([2, 3]);
  await socket.take("live");
  socket.send({ type: "ack", id: "m", cursor: page.to });
  await record("resumed", 4);
  expect(await socket.take("events")).toMatchObject({ from: "3", to: "4", replay: false });
  expect(socket.frames.some(({ type }) => type === "message")).toBe(false);
});

test("a version ahead of the message is a reset, and the subscription can be made anew", async () => {
  await record("ahead", 1);
  const socket = await connect(path("ahead", "?after=9"));
  expect(await socket.take("reset")).toMatchObject({ id: "m", reason: "ahead", earliest: "0", head: "1" });
  socket.send({ type: "subscribe", id: "m", after: "earliest" });
  expect((await socket.take("events")).events).toHaveLength(1);
});

test.each([
  ["a second subscription", { type: "subscribe", id: "n" }, 4429],
  ["the same subscription again", { type: "subscribe", id: "m" }, 4409],
  ["an ack of nothing", { type: "ack", id: "m", cursor: "0" }, 4400],
])("%s ends the socket", async (_, frame, code) => {
  const socket = await connect(path("strict"));
  socket.send(frame);
  expect(await socket.closeCode()).toBe(code);
});

test("a ping is answered without waking the object", async () => {
  const socket = await connect(path("sleepy"));
  await socket.take("live");
  await evictDurableObject(object("sleepy"));
  socket.send('{"type":"ping"}');
  expect(await socket.take("pong")).toEqual({ type: "pong" });
  // Only what runs can be evicted.
  await expect(evictDurableObject(object("sleepy"))).rejects.toThrow("Cannot evict");
});

test.each(["?after=two", "?after=-1", "?after="])("%s is refused with 4400", async (query) => {
  expect(await (await connect(path("known", query))).closeCode()).toBe(4400);
});

test("an unknown source, and a source of another's key, are both 4404 and 404", async () => {
  const { key } = await newKey(["feed:read"], [source]);
  const foreign = `foreign-${crypto.randomUUID().slice(0, 8)}`;
  await newSource({ id: foreign });
  for (const [id, headers] of [
    ["nobodys", { "X-API-Key": env.ROOT_KEY }],
    [foreign, { "X-API-Key": key }],
  ] as const) {
    const address = `/v1/messages/${id}/M1/stream`;
    expect(await (await connect(address, headers)).closeCode()).toBe(4404);
    expect((await ask("GET", address, { key: headers["X-API-Key"] })).status).toBe(426);
  }
  const own = await connect(path("any"), { "X-API-Key": key });
  await own.take("live");
});

test("a browser needs a token made for this message", async () => {
  const made = await newToken({ messages: [{ source, messageId: "for/this=one" }] });
  await (await connect(path("for/this=one"), made)).take("live");
  expect(await (await connect(path("another"), made)).closeCode()).toBe(4403);
  expect(await (await connect(path("for/this=one"), await newToken({}))).closeCode()).toBe(4403);
});

test("a token's filter holds for the message as well as for its events", async () => {
  for (const second of [1, 2]) await record("filtered", second);
  const messages = [{ source, messageId: "filtered" }];
  const shown = async (filter: object) =>
    (await connect(path("filtered"), await newToken({ messages, filter }))).take("message");
  const { message } = await shown({ statuses: ["delivered"] });
  expect(message).toMatchObject({
    status: "delivered",
    version: 2,
    firstAt: { delivered: expect.any(String) },
  });
  expect(message?.history.map(({ status }) => status)).toEqual(["delivered"]);
  expect(message?.parts).toMatchObject([{ status: "delivered" }]);
  expect((await shown({ statuses: ["failed"] })).message).toBeNull();
  expect((await shown({ statuses: ["delivered", "read"] })).message).toMatchObject({ status: "read" });
  const own = await connect(
    path("filtered"),
    await newToken({ messages, filter: { statuses: ["delivered"] } }),
  );
  await own.take("live");
  await record("filtered", 3);
  expect(await own.take("events")).toMatchObject({ from: "2", to: "3" });
});

test("a token made for an alias follows the message", async () => {
  const update = { messageId: "target", aliases: ["alias"], status: "sent" } as const;
  const updates = await identified([anUpdate({ ...update, ...at("2026-11-21T10:00:00Z") })]);
  await object("target").record({
    source,
    provider: "gupshup",
    messageId: "target",
    updates,
    boundAliases: ["alias"],
  });
  const made = await newToken({ messages: [{ source, messageId: "alias" }] });
  const socket = await connect(path("alias"), made);
  expect((await socket.take("message")).message).toMatchObject({ messageId: "target" });
  await record("target", 1);
  expect((await socket.take("events")).events).toMatchObject([{ messageId: "target", version: 2 }]);
  await evictDurableObject(object("target"));
  await record("target", 2);
  expect((await socket.take("events")).events).toMatchObject([{ version: 3 }]);
});

test.each([
  ["an id that nobody knew comes back, to all of the message", 0, 4501],
  ["an id that had events of its own is told to ask anew", 1, 4404],
])("when a provider binds it as an alias, a follower of %s", async (_, events, code) => {
  const [target, alias] = [`target-of-${events}`, `alias-with-${events}`];
  for (let second = 1; second <= events; second += 1) await record(alias, second);
  const early = await connect(path(alias));
  await early.take("live");
  const update = { messageId: target, aliases: [alias], status: "sent" } as const;
  const updates = await identified([anUpdate({ ...update, ...at("2026-11-21T10:00:00Z") })]);
  await object(target).record({
    source,
    provider: "gupshup",
    messageId: target,
    updates,
    boundAliases: [alias],
  });
  expect(await early.closeCode()).toBe(code);
  const again = await connect(path(alias, "?after=0"));
  expect((await again.take("events")).events).toMatchObject([{ messageId: target, version: 1 }]);
});

test("what is erased ends its sockets with 4404", async () => {
  await record("gone", 1);
  const socket = await connect(path("gone"));
  await socket.take("live");
  await expect.poll(async () => object("gone").erase(1)).toBe(true);
  expect(await socket.closeCode()).toBe(4404);
});

function crowd(): Promise<TestSocket> {
  return connect(path("crowded"));
}

test("a message has 500 sockets, the 501st ends with 4429, and a place is free again after a close", async () => {
  const sockets = await Promise.all(Array.from({ length: limits.messageSocketsMax }, crowd));
  for (const socket of sockets) await socket.take("live");
  expect(await (await crowd()).closeCode()).toBe(4429);
  const [first, ...others] = sockets;
  first?.close(1000);
  await first?.closeCode();
  const late = await crowd();
  await late.take("live");
  expect(await (await crowd()).closeCode()).toBe(4429);
  await record("crowded", 1);
  for (const socket of [...others, late]) expect((await socket.take("events")).to).toBe("1");
  for (const socket of [...others, late]) socket.close(1000);
});

test("without an upgrade it is a problem document", async () => {
  const response = await upgrade(path("known"), { "Sec-WebSocket-Protocol": "chat" });
  expect(response.status).toBe(401);
});
