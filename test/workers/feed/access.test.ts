import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { feedObjectName } from "../../../src/model/record.ts";
import { signStreamToken } from "../../../src/feed/token.ts";
import { answerOf, ask, newKey, newSource } from "../../support/api.ts";
import { anEvent } from "../../support/feedEvents.ts";
import { connect, upgrade } from "../../support/feed.ts";

const feed = env.FEED.getByName(feedObjectName);
const tokenSchema = z.strictObject({ token: z.string(), expiresAt: z.string() });

async function newToken(body: object = {}, key?: string): Promise<{ token: string; expiresAt: string }> {
  const response = await ask("POST", "/v1/stream-tokens", { body, ...(key === undefined ? {} : { key }) });
  return answerOf(response, 201, tokenSchema);
}

function withToken(token: string): Record<string, string> {
  return { "Sec-WebSocket-Protocol": `tickline.v1, bearer.${token}` };
}

const mine = `mine-${crypto.randomUUID().slice(0, 8)}`;
const theirs = `theirs-${crypto.randomUUID().slice(0, 8)}`;
let bound: { id: string; key: string };

beforeAll(async () => {
  for (const id of [mine, theirs]) await newSource({ id });
  bound = await newKey(["feed:read", "messages:read"], [mine]);
});

afterEach(() => {
  vi.useRealTimers();
});

describe("an upgrade", () => {
  test("with a key is accepted, and only tickline.v1 is echoed", async () => {
    const { token } = await newToken();
    const response = await upgrade("/v1/stream", withToken(token));
    expect(response.status).toBe(101);
    expect(response.headers.get("Sec-WebSocket-Protocol")).toBe("tickline.v1");
    response.webSocket?.accept();
    response.webSocket?.close(1000);
  });

  test.each([
    ["no credential", {}, 401, 4401],
    ["a wrong key", { Authorization: "Bearer nobody" }, 401, 4401],
    ["two different keys", { Authorization: "Bearer one", "X-API-Key": "two" }, 401, 4401],
    ["a page of a foreign origin", { "X-API-Key": env.ROOT_KEY, Origin: "https://evil.example" }, 403, 4403],
    ["a page of no origin", { "X-API-Key": env.ROOT_KEY, Origin: "null" }, 403, 4403],
  ])("with %s is refused, as a problem and as a close code", async (_, headers, status, code) => {
    const problem = await upgrade("/v1/stream", { ...headers, "Sec-WebSocket-Protocol": "other" });
    expect(problem.status).toBe(status);
    expect(problem.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await (await connect("/v1/stream", headers)).closeCode()).toBe(code);
  });

  test("of our own origin is accepted", async () => {
    const socket = await connect("/v1/stream", { "X-API-Key": env.ROOT_KEY, Origin: "http://localhost" });
    await socket.take("welcome");
  });

  test("without the scope feed:read is refused with 4403", async () => {
    const { key } = await newKey(["messages:read"]);
    expect(await (await connect("/v1/stream", { "X-API-Key": key })).closeCode()).toBe(4403);
  });

  test("that is none is answered 426, one without our subprotocol 400", async () => {
    expect((await ask("GET", "/v1/stream")).status).toBe(426);
    const response = await upgrade("/v1/stream", { "X-API-Key": env.ROOT_KEY, "Sec-WebSocket-Protocol": "" });
    expect(response.status).toBe(400);
  });

  test.each([
    ["made up", () => "abc.def", 4401],
    ["with a changed claim", changed, 4401],
    ["of another deployment", () => signStreamToken(["x".repeat(32)], aGrant(60_000)), 4401],
    ["that has expired", () => signStreamToken([env.ENCRYPTION_KEY], aGrant(-1)), 4504],
    ["whose key is unknown", () => signStreamToken([env.ENCRYPTION_KEY], aGrant(60_000, "key_gone")), 4401],
  ])("with a token %s is refused", async (_, make, code) => {
    const socket = await connect("/v1/stream", withToken(await make()));
    expect(await socket.closeCode()).toBe(code);
  });

  test("with two tokens is refused with 4406", async () => {
    const { token } = await newToken();
    const protocols = `tickline.v1, bearer.${token}, bearer.${token}`;
    expect(await (await connect("/v1/stream", { "Sec-WebSocket-Protocol": protocols })).closeCode()).toBe(
      4406,
    );
  });
});

describe("a stream token", () => {
  test("shows its expiry in the welcome, and nothing but its filter", async () => {
    const { token, expiresAt } = await newToken({ filter: { sources: [mine] }, ttlSeconds: 60 });
    const socket = await connect("/v1/stream", withToken(token));
    expect(await socket.take("welcome")).toMatchObject({ expiresAt });
    socket.send({ type: "subscribe", id: "s1" });
    await socket.take("live");
    await feed.publish([anEvent(1, { source: theirs }), anEvent(2, { source: mine })]);
    const { events } = await socket.take("events");
    expect(events.map(({ messageId }) => messageId)).toEqual(["M2"]);
  });

  test.each([
    [{ ttlSeconds: 3_601 }, "ttlSeconds"],
    [{ ttlSeconds: 0 }, "ttlSeconds"],
    [{ filter: { statuses: ["seen"] } }, "filter.statuses[0]"],
    [{ filter: { recipients: Array.from({ length: 900 }, (_, index) => `+39000000${index}`) } }, "filter"],
    [{ scope: "all" }, "scope"],
  ])("is refused for %o", async (body, path) => {
    const response = await ask("POST", "/v1/stream-tokens", { body });
    const { errors } = await answerOf(
      response,
      422,
      z.looseObject({ errors: z.array(z.looseObject({ path: z.string() })) }),
    );
    expect(errors[0]?.path).toBe(path);
  });

  test("of a bound key sees no other source, and can't be made for another's message", async () => {
    const { token } = await newToken({ filter: { sources: [mine, theirs] } }, bound.key);
    const socket = await connect("/v1/stream", withToken(token));
    socket.send({ type: "subscribe", id: "s1", filter: { sources: [theirs, mine] } });
    await socket.take("live");
    await feed.publish([anEvent(11, { source: theirs }), anEvent(12, { source: mine })]);
    expect((await socket.take("events")).events.map(({ messageId }) => messageId)).toEqual(["M12"]);
    const body = { messages: [{ source: theirs, messageId: "M1" }] };
    expect((await ask("POST", "/v1/stream-tokens", { key: bound.key, body })).status).toBe(422);
  });

  test("renews a socket in band; one of another filter ends it with 4403, a bad one with 4401", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const token = await signStreamToken([env.ENCRYPTION_KEY], aGrant(60_000));
    const open = async () => connect("/v1/stream", withToken(token));
    const [renewed, unrenewed, other, bad] = [await open(), await open(), await open(), await open()];
    renewed.send({ type: "auth", token: (await newToken()).token });
    other.send({ type: "auth", token: (await newToken({ filter: { sources: [mine] } })).token });
    bad.send({ type: "auth", token: "abc.def" });
    expect(await other.closeCode()).toBe(4403);
    expect(await bad.closeCode()).toBe(4401);
    renewed.send({ type: "ping", before: "the first expiry" });
    await renewed.take("pong");
    vi.setSystemTime(Date.now() + 60_001);
    unrenewed.send({ type: "ping", after: "the expiry" });
    expect(await unrenewed.closeCode()).toBe(4504);
    renewed.send({ type: "ping", after: "the first expiry" });
    await renewed.take("pong");
  });

  test("dies with the key that made it, and so do that key's sockets", async () => {
    const { id, key } = await newKey(["feed:read"]);
    const { token } = await newToken({}, key);
    const sockets = [
      await connect("/v1/stream", withToken(token)),
      await connect("/v1/stream", { "X-API-Key": key }),
    ];
    for (const socket of sockets) await socket.take("welcome");
    expect((await ask("DELETE", `/v1/keys/${id}`)).status).toBe(204);
    for (const socket of sockets) expect(await socket.closeCode()).toBe(4401);
    expect(await (await connect("/v1/stream", withToken(token))).closeCode()).toBe(4401);
  });
});

function aGrant(ttlMs: number, keyId = "root") {
  return {
    keyId,
    secretId: null,
    sources: null,
    grant: { filter: {}, messages: null },
    expiresAtMs: Date.now() + ttlMs,
  };
}

/** Claims more than was signed. */
async function changed(): Promise<string> {
  const [claims = "", signature = ""] = (await signStreamToken([env.ENCRYPTION_KEY], aGrant(1_000))).split(
    ".",
  );
  const text = new TextDecoder().decode(Uint8Array.fromBase64(claims, { alphabet: "base64url" }));
  const longer = new TextEncoder().encode(text.replace(/"expiresAtMs":1/, '"expiresAtMs":2'));
  return `${longer.toBase64({ alphabet: "base64url", omitPadding: true })}.${signature}`;
}
