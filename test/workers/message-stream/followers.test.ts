import { runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test, vi } from "vitest";
import { answerOf, anything, ask, newKey, newSource } from "../../support/api.ts";
import { connect } from "../../support/feed.ts";
import { object, path, record, source } from "../../support/messageStream.ts";
import { anUpdate, at, identified } from "../../support/updates.ts";

beforeAll(async () => {
  await newSource({ id: source });
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
  await expect.poll(() => versions(socket)).toEqual([1, 2, 3, 4, 5]);
  await expect.poll(() => versions(late)).toEqual([5]);
});
