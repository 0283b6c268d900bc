import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { answerOf, anything, ask, newKey, newSource } from "../../support/api.ts";
import { limits } from "../../../src/model/limits.ts";
import { messageObjectName } from "../../../src/model/record.ts";
import { connect, upgrade } from "../../support/feed.ts";
import { anUpdate, at, identified } from "../../support/updates.ts";

const source = `own-${crypto.randomUUID().slice(0, 8)}`;

beforeAll(async () => {
  await newSource({ id: source });
});

function object(messageId: string) {
  return env.MESSAGE.getByName(messageObjectName(source, messageId));
}

async function record(messageId: string, second: number): Promise<void> {
  const updates = await identified([
    anUpdate({
      messageId,
      status: second % 2 === 0 ? "read" : "delivered",
      ...at(`2026-11-21T10:00:0${second}Z`),
    }),
  ]);
  await object(messageId).record({ source, provider: "nifteem", messageId, updates });
}

function path(messageId: string, query = ""): string {
  return `/v1/messages/${source}/${encodeURIComponent(messageId)}/stream${query}`;
}

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

async function newToken(body: object): Promise<Record<string, string>> {
  const answer = await answerOf(await ask("POST", "/v1/stream-tokens", { body }), 201, anything);
  return { "Sec-WebSocket-Protocol": `tickline.v1, bearer.${String(answer["token"])}` };
}

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

test("what is erased ends its sockets with 4404", async () => {
  await record("gone", 1);
  const socket = await connect(path("gone"));
  await socket.take("live");
  await expect.poll(async () => object("gone").erase(1), { timeout: 5_000 }).toBe(true);
  expect(await socket.closeCode()).toBe(4404);
});

test.each([
  ["a key that was deleted", "DELETE", undefined],
  ["a key that was bound to other sources", "PATCH", { sources: ["another-source"] }],
  ["a key that may not follow any more", "PATCH", { scopes: ["messages:read"] }],
])("%s gets no further event, nor do the tokens it made", async (name, method, body) => {
  const { id, key } = await newKey(["feed:read", "messages:read"]);
  const messageId = name.replaceAll(" ", "-");
  const token = await answerOf(
    await ask("POST", "/v1/stream-tokens", { key, body: { messages: [{ source, messageId }] } }),
    201,
    anything,
  );
  const sockets = [
    await connect(path(messageId), { "X-API-Key": key }),
    await connect(path(messageId), {
      "Sec-WebSocket-Protocol": `tickline.v1, bearer.${String(token["token"])}`,
    }),
  ];
  const other = await connect(path(messageId));
  for (const socket of [...sockets, other]) await socket.take("live");
  await record(messageId, 1);
  for (const socket of [...sockets, other]) await socket.take("events");
  expect((await ask(method, `/v1/keys/${id}`, { body })).ok).toBe(true);
  await record(messageId, 2);
  for (const socket of sockets) {
    expect(await socket.closeCode()).toBe(4401);
    expect(socket.frames.filter(({ type }) => type === "events")).toHaveLength(1);
  }
  expect((await other.take("events")).to).toBe("2");
});

test("what the old secret of a key opened gets no event after the overlap", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const { id, key } = await newKey(["feed:read"]);
  const old = await connect(path("rotated"), { "X-API-Key": key });
  const rotated = await ask("POST", `/v1/keys/${id}/rotate`, { body: { overlapSeconds: 60 } });
  const newer = String((await answerOf(rotated, 200, anything))["key"]);
  const current = await connect(path("rotated"), { "X-API-Key": newer });
  for (const socket of [old, current]) await socket.take("live");
  await record("rotated", 1);
  for (const socket of [old, current]) await socket.take("events");
  vi.setSystemTime(startMs + 70_000);
  await record("rotated", 2);
  expect((await current.take("events")).to).toBe("2");
  expect(await old.closeCode()).toBe(4504);
  expect(old.frames.filter(({ type }) => type === "events")).toHaveLength(1);
  vi.useRealTimers();
});

test("a key that is being asked for reads nothing by subscribing anew", async () => {
  const { id, key } = await newKey(["feed:read"]);
  const socket = await connect(path("anew"), { "X-API-Key": key });
  await socket.take("live");
  await record("anew", 1);
  await socket.take("events");
  expect((await ask("DELETE", `/v1/keys/${id}`)).ok).toBe(true);
  const updates = await identified([
    anUpdate({ messageId: "anew", status: "read", ...at("2026-11-21T10:00:02Z") }),
  ]);
  await runInDurableObject(object("anew"), async (instance, state) => {
    const [server] = state.getWebSockets();
    if (server === undefined) throw new Error("no socket");
    await instance.webSocketMessage(server, '{"type":"unsubscribe","id":"m"}');
    await instance.record({ source, provider: "nifteem", messageId: "anew", updates });
    await instance.webSocketMessage(server, '{"type":"subscribe","id":"m","after":"1"}');
  });
  expect(await socket.closeCode()).toBe(4401);
  expect(socket.frames.filter(({ type }) => type === "events")).toHaveLength(1);
});

test("events that wait for the keys leave once each, in the order of their versions", async () => {
  const { key } = await newKey(["feed:read"]);
  const socket = await connect(path("in-order"), { "X-API-Key": key });
  await socket.take("live");
  await Promise.all([1, 2, 3, 4].map((second) => record("in-order", second)));
  const late = await connect(path("in-order"), { "X-API-Key": key });
  await late.take("live");
  await record("in-order", 5);
  const versions = (of: typeof socket) =>
    of.frames.flatMap((frame) => (frame.type === "events" ? frame.events.map(({ version }) => version) : []));
  await expect.poll(() => versions(socket), { timeout: 5_000 }).toEqual([1, 2, 3, 4, 5]);
  await expect.poll(() => versions(late), { timeout: 5_000 }).toEqual([5]);
});

test("a message has 500 sockets, the 501st ends with 4429, and a place is free again after a close", async () => {
  const open = () => connect(path("crowded"));
  const sockets = await Promise.all(Array.from({ length: limits.messageSocketsMax }, open));
  for (const socket of sockets) await socket.take("live");
  expect(await (await open()).closeCode()).toBe(4429);
  const [first, ...others] = sockets;
  first?.close(1000);
  await first?.closeCode();
  const late = await open();
  await late.take("live");
  expect(await (await open()).closeCode()).toBe(4429);
  await record("crowded", 1);
  for (const socket of [...others, late]) expect((await socket.take("events")).to).toBe("1");
  for (const socket of [...others, late]) socket.close(1000);
});

test("without an upgrade it is a problem document", async () => {
  const response = await upgrade(path("known"), { "Sec-WebSocket-Protocol": "chat" });
  expect(response.status).toBe(401);
});
