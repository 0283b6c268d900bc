import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { feedObjectName } from "../../../src/model/record.ts";
import { answerOf, anything, ask, newKey } from "../../support/api.ts";
import { anEvent } from "../../support/feedEvents.ts";
import { connect, type TestSocket } from "../../support/feed.ts";

const feed = env.FEED.getByName(feedObjectName);

afterEach(() => {
  vi.useRealTimers();
});

async function opened() {
  const { id, key } = await newKey(["feed:read", "messages:read"], ["one-source", "two-source"]);
  const socket = await connect("/v1/stream", { Authorization: `Bearer ${key}` });
  await socket.take("welcome");
  return { id, socket };
}

test.each([
  ["PATCH", "", { sources: ["one-source"] }],
  ["PATCH", "", { scopes: ["messages:read"] }],
  ["PATCH", "", { expiresAt: "2100-01-01T00:00:00.000Z" }],
  ["POST", "/rotate", { overlapSeconds: 0 }],
  ["DELETE", "", undefined],
])("a key that may do less closes what it opened: %s %s %j", async (method, action, body) => {
  const { id, socket } = await opened();
  expect((await ask(method, `/v1/keys/${id}${action}`, { body })).ok).toBe(true);
  expect(await socket.closeCode()).toBe(4401);
});

test.each([
  ["PATCH", "", { name: "renamed" }],
  ["PATCH", "", { scopes: ["messages:read", "feed:read", "sources:read"] }],
  ["PATCH", "", { sources: null }],
  ["POST", "/rotate", { overlapSeconds: 60 }],
])("a key that may do as much as before keeps what it opened: %s %s %j", async (method, action, body) => {
  const { id, socket } = await opened();
  expect((await ask(method, `/v1/keys/${id}${action}`, { body })).ok).toBe(true);
  await goesOn(socket);
});

test("what the old secret opened or made ends with the overlap; what the new one opened goes on", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const { id, key } = await newKey(["feed:read"]);
  const token = await newToken(key);
  const old = [await withKey(key), await withToken(token)];
  const newer = await rotate(id, 60);
  const late = await withKey(key);
  const current = [await withKey(newer), await withToken(await newToken(newer))];
  vi.setSystemTime(startMs + 50_000);
  await feed.publish([anEvent(9_001)]);
  for (const socket of [...old, late, ...current]) await socket.take("events");
  vi.setSystemTime(startMs + 70_000);
  await feed.publish([anEvent(9_002)]);
  for (const socket of [...old, late]) {
    expect(await socket.closeCode()).toBe(4504);
    expect(socket.frames.filter(({ type }) => type === "events")).toHaveLength(1);
  }
  for (const socket of current) await socket.take("events");
  expect(await (await openWith({ Authorization: `Bearer ${key}` })).closeCode()).toBe(4401);
  expect(await (await openWith(bearing(token))).closeCode()).toBe(4401);
});

test("a token that the old secret made opens nothing after a rotation without overlap", async () => {
  const { id, key } = await newKey(["feed:read"]);
  const token = await newToken(key);
  const newer = await rotate(id, 0);
  expect(await (await openWith(bearing(token))).closeCode()).toBe(4401);
  await withToken(await newToken(newer));
});

test("what is opened after a change of its key is not closed by it, however late the change is told", async () => {
  const { id, key } = await newKey(["feed:read"], ["one-source", "two-source"]);
  const before = await withKey(key);
  expect((await ask("PATCH", `/v1/keys/${id}`, { body: { sources: ["one-source"] } })).ok).toBe(true);
  expect(await before.closeCode()).toBe(4401);
  const narrowed = await withKey(key);
  await feed.revoke(id, { scopes: ["feed:read"], sources: ["one-source"], expiresAtMs: null });
  await goesOn(narrowed);
  await feed.revoke(id, { scopes: ["messages:read"], sources: ["one-source"], expiresAtMs: null });
  expect(await narrowed.closeCode()).toBe(4401);
});

function openWith(headers: Record<string, string>): Promise<TestSocket> {
  return connect("/v1/stream", headers);
}

async function withKey(key: string): Promise<TestSocket> {
  return subscribed(await openWith({ Authorization: `Bearer ${key}` }));
}

async function withToken(token: string): Promise<TestSocket> {
  return subscribed(await openWith(bearing(token)));
}

function bearing(token: string): Record<string, string> {
  return { "Sec-WebSocket-Protocol": `tickline.v1, bearer.${token}` };
}

async function subscribed(socket: TestSocket): Promise<TestSocket> {
  socket.send({ type: "subscribe", id: "s" });
  await socket.take("live");
  return socket;
}

async function goesOn(socket: TestSocket): Promise<void> {
  socket.send({ type: "ping" });
  await socket.take("pong");
  expect(socket.closed).toBeNull();
}

async function newToken(key: string): Promise<string> {
  const answer = await answerOf(await ask("POST", "/v1/stream-tokens", { key, body: {} }), 201, anything);
  return String(answer["token"]);
}

async function rotate(id: string, overlapSeconds: number): Promise<string> {
  const response = await ask("POST", `/v1/keys/${id}/rotate`, { body: { overlapSeconds } });
  return String((await answerOf(response, 200, anything))["key"]);
}
