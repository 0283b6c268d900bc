import {
  createExecutionContext,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import worker from "../../../src/index.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import { answerOf, anything, ask, newKey, withoutDatabase } from "../../support/api.ts";
import { anEvent } from "../../support/feedEvents.ts";
import { connect, type TestSocket } from "../../support/feed.ts";
import { withBindings } from "../../support/messages.ts";

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

describe("what is told again later is the state of then:", () => {
  test("a second rotation's sockets go on", async () => {
    const { id } = await newKey(["feed:read"]);
    const later = await held(async () => {
      await send("POST", `/v1/keys/${id}/rotate`, { overlapSeconds: 0 });
      return withKey(await rotate(id, 0));
    });
    await goesOn(later);
  });

  test("what a key opened after it was widened again goes on", async () => {
    const { id, key } = await newKey(["feed:read"], ["one-source", "two-source"]);
    const narrow = await withKey(key);
    const wide = await held(async () => {
      await send("PATCH", `/v1/keys/${id}`, { sources: ["one-source"] });
      expect(await narrow.closeCode()).toBe(4401);
      await send("PATCH", `/v1/keys/${id}`, { sources: ["one-source", "two-source"] });
      return withKey(key);
    });
    await goesOn(wide);
  });
});

describe("while the feed is out of reach", () => {
  test("a rotation shows the new secret all the same, and the old one's sockets end once it is back", async () => {
    const { id, key } = await newKey(["feed:read"]);
    const old = await withKey(key);
    const answer = await send(
      "POST",
      `/v1/keys/${id}/rotate`,
      { overlapSeconds: 0 },
      { bindings: feedFailing(2) },
    );
    const { key: newer } = await answerOf(answer, 200, anything);
    await withKey(String(newer));
    expect(await old.closeCode()).toBe(4401);
  });

  test("a rotation whose sockets could never be ended is reported", async () => {
    const reported = vi.spyOn(console, "error").mockReturnValue();
    const { id } = await newKey(["feed:read"]);
    await held(async () => {
      const bindings = feedFailing(Infinity);
      expect((await send("POST", `/v1/keys/${id}/rotate`, {}, { bindings })).status).toBe(200);
    });
    expect(String(reported.mock.calls)).toContain("request.failed");
  });

  test.each([
    ["PATCH", { sources: ["one-source"] }, 200],
    ["DELETE", undefined, 204],
  ])("%s fails, and does all of it when it is sent again", async (method, body, status) => {
    vi.spyOn(console, "error").mockReturnValue();
    const { id, socket } = await opened();
    await held(async () => {
      const failed = await send(method, `/v1/keys/${id}`, body, { bindings: feedFailing(Infinity) });
      expect(failed.status).toBe(500);
      expect(socket.closed).toBeNull();
      expect((await send(method, `/v1/keys/${id}`, body)).status).toBe(status);
      expect(await socket.closeCode()).toBe(4401);
    });
  });

  test("a key that deletes itself could not ask again: it is gone, and its sockets end once the feed is back", async () => {
    const { id, key } = await newKey(["feed:read", "keys:write"]);
    const socket = await withKey(key);
    const asked = { key, bindings: feedFailing(2) };
    expect((await send("DELETE", `/v1/keys/${id}`, undefined, asked)).status).toBe(204);
    expect((await ask("GET", `/v1/keys/${id}`)).status).toBe(404);
    expect(await socket.closeCode()).toBe(4401);
  });
});

/** What goes on behind the answers of `send`. */
let behind: ExecutionContext[] = [];

async function send(
  method: string,
  path: string,
  body?: object,
  { key = env.ROOT_KEY, bindings = env }: { key?: string; bindings?: Env } = {},
): Promise<Response> {
  const context = createExecutionContext();
  behind.push(context);
  const headers = { Authorization: `Bearer ${key}` };
  const request = new Request(`http://localhost${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return worker.fetch(request, bindings, context);
}

/** Everything that waits for later waits until the work is done, and has happened when this is. */
async function held<Made>(work: () => Promise<Made>): Promise<Made> {
  behind = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const waits = vi.spyOn(scheduler, "wait").mockReturnValue(promise);
  const made = await work();
  resolve();
  for (const context of behind) await waitOnExecutionContext(context);
  waits.mockRestore();
  return made;
}

/** The feed fails so many calls, and is itself again. */
function feedFailing(times: number): Env {
  let left = times;
  const settle = async (keyId: string) => {
    if (left-- > 0) throw new Error("the feed is out of reach");
    await feed.settle(keyId);
  };
  return withBindings({ FEED: { getByName: () => ({ settle }) } });
}

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

/** The feed reads frames in turn, and both checks take the same way. */
async function renew(socket: TestSocket, token: string): Promise<void> {
  socket.send({ type: "auth", token });
  await goesOn(socket);
  await feed.checkToken(token);
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
