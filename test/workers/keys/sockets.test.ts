import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { feedObjectName } from "../../../src/model/record.ts";
import { ask, newKey, withoutDatabase } from "../../support/api.ts";
import { connect, type TestSocket } from "../../support/feed.ts";
import { anEvent } from "../../support/feedEvents.ts";
import { bearing, goesOn, newToken, openWith, rotate, withKey, withToken } from "../../support/keySockets.ts";

const feed = env.FEED.getByName(feedObjectName);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
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
  ["PATCH", "", { expiresAt: "2100-01-01T00:00:00.000Z" }],
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

test("a socket ends with its key, also where the key's end was set after it was opened", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const { id, key } = await newKey(["feed:read"]);
  const longer = await newToken(key);
  const sockets = [await withKey(key), await withToken(longer), await withToken(await newToken(key))];
  const expiresAt = new Date(startMs + 60_000).toISOString();
  expect((await ask("PATCH", `/v1/keys/${id}`, { body: { expiresAt } })).ok).toBe(true);
  for (const socket of sockets.slice(1)) await renew(socket, longer);
  await feed.publish([anEvent(9_101)]);
  for (const socket of sockets) await socket.take("events");
  vi.setSystemTime(startMs + 61_000);
  await feed.publish([anEvent(9_102)]);
  for (const socket of sockets) {
    expect(await socket.closeCode()).toBe(4504);
    expect(socket.frames.filter(({ type }) => type === "events")).toHaveLength(1);
  }
});

test("a token of an older secret lifts no end that a rotation has set", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const { id, key } = await newKey(["feed:read"]);
  const older = await newToken(key);
  const socket = await withToken(await newToken(await rotate(id, 3_600)));
  const newest = await rotate(id, 60);
  await renew(socket, older);
  await feed.publish([anEvent(9_201)]);
  await socket.take("events");
  const renewed = await withToken(older);
  await renew(renewed, await newToken(newest));
  vi.setSystemTime(startMs + 61_000);
  await feed.publish([anEvent(9_202)]);
  expect(await socket.closeCode()).toBe(4504);
  expect(socket.frames.filter(({ type }) => type === "events")).toHaveLength(1);
  await renewed.take("events");
});

test("while the database is out of reach, auth neither prolongs a socket nor ends it", async () => {
  const reported = vi.spyOn(console, "error").mockReturnValue();
  const { key } = await newKey(["feed:read"]);
  const socket = await withToken(await newToken(key));
  const token = await newToken(key);
  await runInDurableObject(feed, (instance) => {
    Object.defineProperty(instance, "env", { value: withoutDatabase() });
  });
  socket.send({ type: "auth", token });
  await expect.poll(() => String(reported.mock.calls)).toContain("the database is down");
  await goesOn(socket);
  await feed.publish([anEvent(9_301)]);
  await socket.take("events");
  await evictDurableObject(feed);
  await feed.publish([anEvent(9_302)]);
  await socket.take("events");
});

/** The feed reads frames in turn, and both checks take the same way. */
async function renew(socket: TestSocket, token: string): Promise<void> {
  socket.send({ type: "auth", token });
  await goesOn(socket);
  await feed.checkToken(token);
}
