import { env } from "cloudflare:workers";
import * as z from "zod";
import { afterEach, expect, test, vi } from "vitest";
import { makeKey } from "../../../src/keys/key.ts";
import * as limits from "../../../src/model/limits.ts";
import { findPrincipal } from "../../../src/keys/store.ts";
import { answerOf, anything, ask, newKey, withoutDatabase } from "../../support/api.ts";

afterEach(() => {
  vi.useRealTimers();
});

const shownKey = z.looseObject({
  id: z.string(),
  scopes: z.array(z.string()),
  sources: z.array(z.string()).nullable(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const list = z.looseObject({ data: z.array(shownKey), nextCursor: z.string().nullable() });

async function statusWith(key: string): Promise<number> {
  return (await ask("GET", "/v1/sources", { key })).status;
}

test("a new key is shown once, works at once, and is stored as its hash only", async () => {
  const { id, key } = await newKey(["sources:read"]);
  expect(key).toMatch(/^tk_[0-9A-Za-z]{36}$/);
  expect((await ask("GET", "/v1/sources", { key })).status).toBe(200);
  const again = await ask("GET", `/v1/keys/${id}`);
  expect(await again.text()).not.toContain(key);
  const { results } = await env.DB.prepare("SELECT * FROM keys JOIN key_secrets ON key_id = id WHERE id = ?")
    .bind(id)
    .all();
  expect(JSON.stringify(results)).not.toContain(key);
  expect(results).toHaveLength(1);
});

test("X-API-Key serves as well as Authorization, both together only if they are the same", async () => {
  const { key } = await newKey(["sources:read"]);
  const other = await newKey(["sources:read"]);
  const withBoth = (second: string) => ask("GET", "/v1/sources", { key, headers: { "X-API-Key": second } });
  expect((await ask("GET", "/v1/sources", { key: null, headers: { "X-API-Key": key } })).status).toBe(200);
  expect((await withBoth(key)).status).toBe(200);
  expect((await withBoth(other.key)).status).toBe(401);
});

test("missing, mistyped, truncated, doubled and unknown keys are all the same 401", async () => {
  const { key } = await newKey(["sources:read"]);
  const unknown = makeKey(crypto.getRandomValues(new Uint8Array(32)));
  const wrong = [
    null,
    "",
    key.slice(0, -1),
    key + key,
    `${key} `.repeat(2),
    key.replace("tk_", "kt_"),
    unknown,
  ];
  const answers = await Promise.all(
    wrong.map(async (bad) => {
      const response = await ask("GET", "/v1/sources", { key: bad });
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      const { instance, ...rest } = z.looseObject({ instance: z.string() }).parse(await response.json());
      expect(response.headers.get("Request-Id")).toBe(instance);
      return rest;
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 401 });
});

const remembered = { fresh: false };

test("a mistyped key is refused without a look at the database", async () => {
  const key = makeKey(new Uint8Array(32).fill(1));
  const mistyped = key.slice(0, 10) + (key[10] === "a" ? "b" : "a") + key.slice(11);
  await expect(findPrincipal(withoutDatabase(), key, remembered)).rejects.toThrow("down");
  expect(await findPrincipal(withoutDatabase(), mistyped, { fresh: true })).toBeNull();
});

test("a key that is remembered costs no read of the database", async () => {
  const { id, key } = await newKey(["sources:read"]);
  await expect(findPrincipal(withoutDatabase(), key, remembered)).rejects.toThrow("down");
  expect(await findPrincipal(env, key, remembered)).toMatchObject({ keyId: id });
  expect(await findPrincipal(withoutDatabase(), key, remembered)).toMatchObject({ keyId: id });
});

test("a deleted key ends at once here, and is gone from the list", async () => {
  const { id, key } = await newKey(["sources:read"]);
  expect((await ask("GET", "/v1/sources", { key })).status).toBe(200);
  expect((await ask("DELETE", `/v1/keys/${id}`)).status).toBe(204);
  expect((await ask("GET", "/v1/sources", { key })).status).toBe(401);
  expect((await ask("GET", `/v1/keys/${id}`)).status).toBe(404);
  expect((await ask("DELETE", `/v1/keys/${id}`)).status).toBe(404);
});

test("a key that was deleted elsewhere holds for no more than ten seconds", async () => {
  const { id, key } = await newKey(["sources:read"]);
  const status = async () => (await ask("GET", "/v1/sources", { key })).status;
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  expect(await status()).toBe(200);
  await env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?").bind(id).run();
  vi.setSystemTime(startMs + 9_999);
  expect(await status()).toBe(200);
  vi.setSystemTime(startMs + 10_000);
  expect(await status()).toBe(401);
});

test("a key that was narrowed or deleted elsewhere hands on no more than it has now", async () => {
  const { id, key } = await newKey(["keys:write", "sources:read"], ["source-a", "source-b"]);
  expect(await statusWith(key)).toBe(200);
  const handOn = (body: object) => ask("POST", "/v1/keys", { key, body: { name: "a successor", ...body } });
  await env.DB.prepare("UPDATE keys SET sources = ? WHERE id = ?").bind('["source-a"]', id).run();
  expect((await handOn({ scopes: ["sources:read"], sources: ["source-b"] })).status).toBe(403);
  const narrow = await answerOf(await handOn({ scopes: ["sources:read"] }), 201, shownKey);
  expect(narrow.sources).toEqual(["source-a"]);
  await env.DB.prepare("UPDATE keys SET scopes = ? WHERE id = ?").bind('["sources:read"]', id).run();
  expect((await handOn({ scopes: ["sources:read"] })).status).toBe(403);
  await env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?").bind(id).run();
  expect((await handOn({ scopes: ["sources:read"] })).status).toBe(401);
});

test("a key ends when it expires, also where it is remembered", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const expiresAt = new Date(startMs + 2_000).toISOString();
  const body = { name: "short", scopes: ["sources:read"], expiresAt };
  const response = await ask("POST", "/v1/keys", { body });
  const created = await answerOf(response, 201, shownKey.extend({ key: z.string() }));
  expect(created.expiresAt).toBe(expiresAt);
  const status = async () => (await ask("GET", "/v1/sources", { key: created.key })).status;
  vi.setSystemTime(startMs + 1_999);
  expect(await status()).toBe(200);
  vi.setSystemTime(startMs + 2_000);
  expect(await status()).toBe(401);
});

test("an expiring key makes no key that outlives it", async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const body = { name: "guest", scopes: ["keys:write"], expiresAt };
  const guest = await answerOf(
    await ask("POST", "/v1/keys", { body }),
    201,
    shownKey.extend({ key: z.string() }),
  );
  const make = (wanted: Record<string, unknown>) =>
    ask("POST", "/v1/keys", { key: guest.key, body: { name: "x", scopes: ["keys:write"], ...wanted } });
  expect((await answerOf(await make({}), 201, shownKey)).expiresAt).toBe(expiresAt);
  expect((await make({ expiresAt: new Date(Date.now() + 120_000).toISOString() })).status).toBe(403);
});

test("the last use is written down", async () => {
  const { id, key } = await newKey(["sources:read"]);
  const read = async () => answerOf(await ask("GET", `/v1/keys/${id}`), 200, shownKey);
  expect((await read()).lastUsedAt).toBeNull();
  await ask("GET", "/v1/sources", { key });
  await expect.poll(async () => (await read()).lastUsedAt).not.toBeNull();
});

test("a rotated key: both hold while they overlap, then only the new one", async () => {
  const { id, key } = await newKey(["sources:read"]);
  const rotate = async (body?: unknown) =>
    answerOf(await ask("POST", `/v1/keys/${id}/rotate`, { body }), 200, shownKey.extend({ key: z.string() }));
  const second = await rotate();
  expect([await statusWith(key), await statusWith(second.key)]).toEqual([200, 200]);
  const third = await rotate({ overlapSeconds: 0 });
  expect([await statusWith(key), await statusWith(second.key), await statusWith(third.key)]).toEqual([
    401, 401, 200,
  ]);
  expect(third.id).toBe(id);
});

test("the old secret of a rotated key ends with the overlap", async () => {
  const { id, key } = await newKey(["sources:read"]);
  const status = async () => (await ask("GET", "/v1/sources", { key })).status;
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  await ask("POST", `/v1/keys/${id}/rotate`);
  vi.setSystemTime(startMs + 86_399_999);
  expect(await status()).toBe(200);
  vi.setSystemTime(startMs + 86_400_000);
  expect(await status()).toBe(401);
});

test("no more than five secrets of a key hold at once, and an overlap of 0 clears them", async () => {
  const { id } = await newKey(["sources:read"]);
  const rotate = async (body: unknown) => (await ask("POST", `/v1/keys/${id}/rotate`, { body })).status;
  const statuses: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) statuses.push(await rotate({}));
  expect(statuses).toEqual([200, 200, 200, 200, 409]);
  expect(await rotate({ overlapSeconds: 0 })).toBe(200);
});

test("a key grants only what it has: 403 for more, its own sources and end for what is left out", async () => {
  const maker = await newKey(["keys:write", "sources:read"], ["one-source", "two-source"]);
  const make = (body: Record<string, unknown>) =>
    ask("POST", "/v1/keys", { key: maker.key, body: { name: "x", ...body } });
  expect((await make({ scopes: ["messages:read"] })).status).toBe(403);
  expect((await make({ scopes: ["sources:write"] })).status).toBe(403);
  expect((await make({ scopes: ["sources:read"], sources: ["three-source"] })).status).toBe(403);
  const made = await answerOf(await make({ scopes: ["sources:read"], sources: null }), 201, shownKey);
  expect(made.sources).toEqual(["one-source", "two-source"]);
});

test("a key with less can't rotate one with more, since it would be shown the secret", async () => {
  const strong = await newKey(["messages:read"]);
  const weak = await newKey(["keys:write"]);
  expect((await ask("POST", `/v1/keys/${strong.id}/rotate`, { key: weak.key })).status).toBe(403);
  expect((await ask("DELETE", `/v1/keys/${strong.id}`, { key: weak.key })).status).toBe(204);
});

test("keys that a bound key may not see are not there for it", async () => {
  const bound = await newKey(["keys:write"], ["one-source"]);
  const sibling = await newKey(["keys:write"], ["one-source"]);
  const wider = await newKey(["keys:write"], ["one-source", "two-source"]);
  const unbound = await newKey(["keys:write"]);
  for (const { id } of [wider, unbound, { id: "key_none" }, { id: "root" }]) {
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/rotate"],
    ] as const) {
      const body = method === "PATCH" ? { name: "y" } : undefined;
      const response = await ask(method, `/v1/keys/${id}${path}`, { key: bound.key, body });
      expect([method, response.status]).toEqual([method, 404]);
    }
  }
  const { data } = await answerOf(await ask("GET", "/v1/keys?limit=200", { key: bound.key }), 200, list);
  const ids = data.map(({ id }) => id);
  expect(ids).toContain(sibling.id);
  expect(data.every(({ sources }) => JSON.stringify(sources) === '["one-source"]')).toBe(true);
});

test("a change of a key's scopes and sources holds at once", async () => {
  const { id, key } = await newKey(["sources:read", "keys:write"]);
  expect((await ask("GET", "/v1/sources", { key })).status).toBe(200);
  const changed = await ask("PATCH", `/v1/keys/${id}`, {
    body: { scopes: ["keys:write"], sources: ["one-source"] },
  });
  expect(await answerOf(changed, 200, shownKey)).toMatchObject({
    scopes: ["keys:write"],
    sources: ["one-source"],
  });
  expect((await ask("GET", "/v1/sources", { key })).status).toBe(403);
});

test("wrong values are 422 with their path, what is no JSON is 400", async () => {
  const good = { name: "x", scopes: ["sources:read"] };
  const cases: [unknown, string][] = [
    [{ ...good, sources: [] }, "sources"],
    [{ ...good, scopes: [] }, "scopes"],
    [{ ...good, scopes: ["everything"] }, "scopes[0]"],
    [{ ...good, sources: ["No Id"] }, "sources[0]"],
    [{ ...good, expiresAt: "2020-01-01T00:00:00Z" }, "expiresAt"],
    [{ ...good, expiresAt: "tomorrow" }, "expiresAt"],
    [{ ...good, name: " " }, "name"],
    [{ ...good, admin: true }, "admin"],
    [{ scopes: ["sources:read"] }, "name"],
  ];
  for (const [body, path] of cases) {
    const { errors } = await answerOf(await ask("POST", "/v1/keys", { body }), 422, problemSchema);
    expect(errors.map((error) => error.path)).toEqual([path]);
  }
  expect((await ask("POST", "/v1/keys", { body: "{" })).status).toBe(400);
  expect((await ask("POST", "/v1/keys")).status).toBe(400);
});

const problemSchema = z.looseObject({ errors: z.array(z.looseObject({ path: z.string() })) });

test("the list is cut into pages, newest first, without a gap or a repeat", async () => {
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1) made.unshift((await newKey(["feed:read"])).id);
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null && seen.length < 5) {
    const page: z.output<typeof list> = await answerOf(
      await ask("GET", `/v1/keys?limit=2&cursor=${cursor}`),
      200,
      list,
    );
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(seen.slice(0, 5)).toEqual(made);
});

test("a limit out of range and a foreign cursor are 422", async () => {
  for (const query of ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=1.5", "cursor=abc"]) {
    expect([query, (await ask("GET", `/v1/keys?${query}`)).status]).toEqual([query, 422]);
  }
  expect((await ask("GET", "/v1/keys?limit=200")).status).toBe(200);
});

test("no more keys than the limit", async () => {
  await env.DB.prepare(
    `INSERT INTO keys (id, name, scopes, created_at) SELECT 'full-' || value, '', '["feed:read"]', '' FROM json_each(?)
     WHERE true ON CONFLICT DO NOTHING`,
  )
    .bind(JSON.stringify(Array.from({ length: limits.keysMax }, (_, index) => index)))
    .run();
  const body = { name: "one too many", scopes: ["feed:read"] };
  expect((await ask("POST", "/v1/keys", { body })).status).toBe(409);
  await env.DB.prepare("DELETE FROM keys WHERE id LIKE 'full-%'").run();
  expect((await ask("POST", "/v1/keys", { body })).status).toBe(201);
});

test("the root key is in no list and can't be asked for", async () => {
  const text = await (await ask("GET", "/v1/keys?limit=200")).text();
  expect(text).not.toContain(env.ROOT_KEY);
  expect((await ask("GET", "/v1/keys/root")).status).toBe(404);
  expect(anything.parse(JSON.parse(text))).toBeDefined();
});
