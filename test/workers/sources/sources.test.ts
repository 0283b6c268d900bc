import { env } from "cloudflare:workers";
import * as z from "zod";
import { afterEach, expect, test, vi } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { loadSource } from "../../../src/sources/store.ts";
import { answerOf, anything, ask, newKey, newSource, withoutDatabase } from "../../support/api.ts";

afterEach(() => {
  vi.useRealTimers();
});

const entry = z.looseObject({ type: z.string() });
const source = z.looseObject({
  id: z.string(),
  ingestUrl: z.string(),
  auth: z.array(entry),
  rateLimit: anything.nullable(),
  lastReceivedAt: z.string().nullable(),
  counts: z.looseObject({ received: z.int(), refused: z.int(), rejected: z.int(), ignored: z.int() }),
});
const withCredentials = source.extend({ credentials: z.array(entry) });
const list = z.looseObject({ data: z.array(source), nextCursor: z.string().nullable() });
const problemSchema = z.looseObject({ errors: z.array(z.looseObject({ path: z.string() })) });

const newAuth = [{ type: "header", name: "X-API-Key", value: "new" }];

let made = 0;
function freshId(): string {
  made += 1;
  return `source-${made}-${crypto.randomUUID().slice(0, 8)}`;
}

async function create(body: Record<string, unknown>) {
  const response = await ask("POST", "/v1/sources", { body: { provider: "nifteem", name: "one", ...body } });
  return answerOf(response, 201, withCredentials);
}

async function read(id: string) {
  return answerOf(await ask("GET", `/v1/sources/${id}`), 200, source);
}

test("a source without an auth of its own gets the provider's default, with a generated value", async () => {
  const created = await create({});
  expect(created.id).toMatch(/^[a-z0-9][a-z0-9-]{2,62}$/);
  expect(created.ingestUrl).toBe(`http://localhost/in/${created.id}`);
  expect(created.credentials).toEqual([
    { type: "header", name: "X-API-Key", value: expect.stringMatching(/^\w{43}$/) },
  ]);
});

test("a generated value is shown once, and lies sealed in the database", async () => {
  const created = await create({});
  const secret = z.string().parse(created.credentials[0]?.["value"]);
  const shown = await read(created.id);
  expect(shown.auth).toEqual([{ type: "header", name: "X-API-Key", value: "…" }]);
  expect(shown).not.toHaveProperty("credentials");
  for (const path of [`/v1/sources/${created.id}`, "/v1/sources?limit=200"]) {
    expect(await (await ask("GET", path)).text()).not.toContain(secret);
  }
  const row = await env.DB.prepare("SELECT * FROM sources WHERE id = ?").bind(created.id).first();
  expect(JSON.stringify(row)).not.toContain(secret);
  expect((await loadSource(env, created.id, { fresh: false }))?.authSets).toEqual([created.credentials]);
});

test("a given value is taken as it is, and not shown at all", async () => {
  const auth = [{ type: "header", name: "X-API-Key", value: "given-secret" }];
  const created = await create({ auth });
  expect(created.credentials).toEqual([]);
  expect(JSON.stringify(created)).not.toContain("given-secret");
  expect((await loadSource(env, created.id, { fresh: false }))?.authSets).toEqual([auth]);
});

test("a URL token stands in the ingest URL once, and is masked from then on", async () => {
  const created = await create({ provider: "callbell", auth: [{ type: "urlToken" }] });
  const token = z.string().parse(created.credentials[0]?.["token"]);
  expect(created.ingestUrl).toBe(`http://localhost/in/${created.id}/${token}`);
  const shown = await read(created.id);
  expect(shown.ingestUrl).toBe(`http://localhost/in/${created.id}/…`);
  expect(JSON.stringify(shown)).not.toContain(token);
});

test("an id is kept as given, and can't be taken twice", async () => {
  const id = freshId();
  expect((await create({ id })).id).toBe(id);
  const again = await ask("POST", "/v1/sources", { body: { provider: "nifteem", name: "two", id } });
  expect(again.status).toBe(409);
});

test("demo- is for loopback only", async () => {
  const id = `demo-${freshId()}`;
  const body = { provider: "nifteem", name: "demo", id };
  const outside = await ask("POST", "/v1/sources", { body, origin: "https://tickline.example.com" });
  expect((await answerOf(outside, 422, problemSchema)).errors[0]?.path).toBe("id");
  expect((await ask("POST", "/v1/sources", { body, origin: "http://127.0.0.1:8787" })).status).toBe(201);
});

test("wrong values are 422 with their path, what is no JSON is 400", async () => {
  const header = { type: "header", name: "X-API-Key" };
  const cases: [Record<string, unknown>, string][] = [
    [{ provider: "nobody" }, "provider"],
    [{ id: "No" }, "id"],
    [{ id: "-ab" }, "id"],
    [{ id: "a".repeat(64) }, "id"],
    [{ name: "" }, "name"],
    [{ auth: [] }, "auth"],
    [{ auth: [{ type: "unknown" }] }, "auth[0].type"],
    [{ auth: [{ ...header, value: "" }] }, "auth[0].value"],
    [{ auth: ["header"] }, "auth[0]"],
    [{ rateLimit: { perSecond: 0, burst: 1 } }, "rateLimit.perSecond"],
    [{ rateLimit: { perSecond: 1, burst: 0 } }, "rateLimit.burst"],
    [{ status: "inactive" }, "status"],
  ];
  for (const [change, path] of cases) {
    const response = await ask("POST", "/v1/sources", {
      body: { provider: "nifteem", name: "x", ...change },
    });
    const { errors } = await answerOf(response, 422, problemSchema);
    expect(errors.map((error) => error.path)).toEqual([path]);
  }
  expect((await ask("POST", "/v1/sources", { body: "nifteem" })).status).toBe(400);
});

test("a source can be renamed, limited and put to sleep", async () => {
  const { id } = await newSource();
  const body = { name: "two", status: "inactive", rateLimit: { perSecond: 5, burst: 10 } };
  const changed = await answerOf(await ask("PATCH", `/v1/sources/${id}`, { body }), 200, source);
  expect(changed).toMatchObject(body);
  expect(await loadSource(env, id, { fresh: false })).toMatchObject({
    status: "inactive",
    rateLimit: body.rateLimit,
  });
  await ask("PATCH", `/v1/sources/${id}`, { body: { rateLimit: null } });
  expect(await read(id)).toMatchObject({ name: "two", status: "inactive", rateLimit: null });
  const wrong = await ask("PATCH", `/v1/sources/${id}`, { body: { provider: "callbell" } });
  expect(wrong.status).toBe(422);
});

test("new credentials by PATCH end the old ones at once", async () => {
  const { id } = await newSource();
  const auth = [{ type: "header", name: "X-Other" }];
  const changed = await answerOf(
    await ask("PATCH", `/v1/sources/${id}`, { body: { auth } }),
    200,
    withCredentials,
  );
  expect((await loadSource(env, id, { fresh: false }))?.authSets).toEqual([changed.credentials]);
  expect(changed.credentials).toHaveLength(1);
});

test("after a rotation old and new hold for the overlap, and the same kinds of proof are asked for", async () => {
  const { id } = await newSource();
  const old = [{ type: "header", name: "X-API-Key", value: "secret" }];
  const askedMs = Date.now();
  const rotated = await answerOf(await ask("POST", `/v1/sources/${id}/rotate`), 200, withCredentials);
  expect(rotated.credentials).toMatchObject([{ type: "header", name: "X-API-Key" }]);
  expect((await loadSource(env, id, { fresh: false }))?.authSets).toEqual([rotated.credentials, old]);
  const untilMs = Date.parse(z.string().parse(rotated["previousAuthUntil"]));
  expect(untilMs).toBeGreaterThanOrEqual(askedMs + 86_400_000);
  expect(untilMs).toBeLessThanOrEqual(Date.now() + 86_400_000);
  const given = { auth: [{ type: "header", name: "X-API-Key", value: "mine" }], overlapSeconds: 0 };
  await ask("POST", `/v1/sources/${id}/rotate`, { body: given });
  expect((await loadSource(env, id, { fresh: false }))?.authSets).toEqual([given.auth]);
  expect((await read(id))["previousAuthUntil"]).toBeNull();
});

test("the old set ends with its overlap, also where the settings are remembered", async () => {
  const { id } = await newSource();
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  await ask("POST", `/v1/sources/${id}/rotate`, { body: { overlapSeconds: 5 } });
  const sets = async () => (await loadSource(env, id, { fresh: false }))?.authSets.length;
  expect(await sets()).toBe(2);
  vi.setSystemTime(startMs + 4_999);
  expect(await sets()).toBe(2);
  vi.setSystemTime(startMs + 5_000);
  expect(await sets()).toBe(1);
});

test("of two rotations at the same moment none is lost: both hold, or one is told to try again", async () => {
  const { id } = await newSource();
  const answers = await Promise.all([1, 2, 3].map(() => ask("POST", `/v1/sources/${id}/rotate`)));
  const holding = JSON.stringify((await loadSource(env, id, { fresh: true }))?.authSets);
  for (const answer of answers) {
    if (answer.status === 409) continue;
    const { credentials } = await answerOf(answer, 200, withCredentials);
    expect(holding).toContain(z.string().parse(credentials[0]?.["value"]));
  }
});

test("settings are remembered for ten seconds, a fresh read sees what was changed elsewhere", async () => {
  const { id } = await newSource();
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  await loadSource(env, id, { fresh: true });
  const store = async (status: string) =>
    env.DB.prepare("UPDATE sources SET status = ? WHERE id = ?").bind(status, id).run();
  const statusOf = async (fresh: boolean) => (await loadSource(env, id, { fresh }))?.status;
  await store("inactive");
  vi.setSystemTime(startMs + 9_999);
  expect(await statusOf(false)).toBe("active");
  expect(await statusOf(true)).toBe("inactive");
  expect(await statusOf(false)).toBe("inactive");
  await store("active");
  vi.setSystemTime(startMs + 9_999 + 10_000);
  expect(await statusOf(false)).toBe("active");
});

test("what is remembered costs no read of the database", async () => {
  const { id } = await newSource();
  const settings = await loadSource(env, id, { fresh: true });
  expect(await loadSource(withoutDatabase(), id, { fresh: false })).toEqual(settings);
  await expect(loadSource(withoutDatabase(), id, { fresh: true })).rejects.toThrow("down");
});

test("a source that does not exist is never remembered as missing", async () => {
  const id = freshId();
  expect(await loadSource(env, id, { fresh: false })).toBeNull();
  await newSource({ id });
  expect(await loadSource(env, id, { fresh: false })).not.toBeNull();
});

test("a deleted source is gone at once, and its id is free again", async () => {
  const { id } = await newSource({ id: freshId() });
  await loadSource(env, id, { fresh: true });
  expect((await ask("DELETE", `/v1/sources/${id}`)).status).toBe(204);
  expect(await loadSource(env, id, { fresh: false })).toBeNull();
  for (const method of ["GET", "DELETE"]) expect((await ask(method, `/v1/sources/${id}`)).status).toBe(404);
  expect((await ask("POST", `/v1/sources/${id}/rotate`)).status).toBe(404);
  await newSource({ id });
});

test("a deleted source takes its rejected webhooks along, and leaves its messages readable", async () => {
  const { id } = await newSource({ id: freshId() });
  const bound = await newKey(["messages:read", "sources:read"], [id]);
  const headers = { "X-API-Key": "secret" };
  const body = { messageId: "M1", status: "READ", statusDate: "2026-11-21T10:00:00Z" };
  await answerOf(await ask("POST", `/in/${id}`, { key: null, headers, body }), 200, anything);
  await answerOf(await ask("POST", `/in/${id}`, { key: null, headers, body: "{" }), 422, anything);
  expect((await ask("DELETE", `/v1/sources/${id}`)).status).toBe(204);
  const rejected = await answerOf(await ask("GET", `/v1/rejected?source=${id}`), 200, anything);
  expect(rejected).toEqual({ data: [], nextCursor: null });
  for (const key of [env.ROOT_KEY, bound.key]) {
    await answerOf(await ask("GET", `/v1/messages/${id}/M1`, { key }), 200, anything);
  }
});

test("a sealed secret that was moved to another source does not open there", async () => {
  const [one, two] = [await newSource(), await newSource()];
  await env.DB.prepare(
    "UPDATE sources SET sealed_auth = (SELECT sealed_auth FROM sources WHERE id = ?) WHERE id = ?",
  )
    .bind(one.id, two.id)
    .run();
  await expect(loadSource(env, two.id, { fresh: true })).rejects.toThrow("sealed");
  // Without what holds there is nothing to overlap with.
  expect((await ask("POST", `/v1/sources/${two.id}/rotate`)).status).toBe(409);
  // New credentials mend it, as they do after the deployment's key was lost.
  await answerOf(await ask("PATCH", `/v1/sources/${two.id}`, { body: { auth: newAuth } }), 200, source);
  expect((await loadSource(env, two.id, { fresh: true }))?.authSets).toEqual([newAuth]);
});

test("after the deployment's key was changed, a source in use comes under the new one by itself", async () => {
  const { id } = await newSource();
  const sets = (await loadSource(env, id, { fresh: true }))?.authSets;
  const changed = { ...env, ENCRYPTION_KEY: "x".repeat(40), ENCRYPTION_KEY_PREVIOUS: env.ENCRYPTION_KEY };
  expect((await loadSource(changed, id, { fresh: true }))?.authSets).toEqual(sets);
  const { ENCRYPTION_KEY_PREVIOUS: _dropped, ...alone } = changed;
  expect((await loadSource(alone, id, { fresh: true }))?.authSets).toEqual(sets);
  await expect(loadSource(env, id, { fresh: true })).rejects.toThrow("key that is not set");
});

test("no more sources than the limit", async () => {
  const { id } = await newSource();
  await env.DB.prepare(
    `INSERT INTO sources (id, provider, name, status, auth, sealed_auth, auth_version, created_at, updated_at)
     SELECT 'full-' || value, provider, name, status, auth, sealed_auth, 1, created_at, updated_at
     FROM json_each(?1), sources WHERE sources.id = ?2 ON CONFLICT DO NOTHING`,
  )
    .bind(JSON.stringify(Array.from({ length: limits.sourcesMax }, (_, index) => index)), id)
    .run();
  const body = { provider: "nifteem", name: "one too many" };
  expect((await ask("POST", "/v1/sources", { body })).status).toBe(409);
  await env.DB.prepare("DELETE FROM sources WHERE id LIKE 'full-%'").run();
  expect((await ask("POST", "/v1/sources", { body })).status).toBe(201);
});

test("a bound key sees its sources, no others, and can't create one", async () => {
  const [mine, foreign] = [await newSource(), await newSource()];
  const { key } = await newKey(["sources:write"], [mine.id]);
  const { data } = await answerOf(await ask("GET", "/v1/sources?limit=200", { key }), 200, list);
  expect(data.map(({ id }) => id)).toEqual([mine.id]);
  expect((await ask("PATCH", `/v1/sources/${mine.id}`, { key, body: { name: "mine" } })).status).toBe(200);
  for (const id of [foreign.id, "no-such-source"]) {
    expect((await ask("GET", `/v1/sources/${id}`, { key })).status).toBe(404);
    expect((await ask("PATCH", `/v1/sources/${id}`, { key, body: { name: "x" } })).status).toBe(404);
    expect((await ask("POST", `/v1/sources/${id}/rotate`, { key })).status).toBe(404);
    expect((await ask("DELETE", `/v1/sources/${id}`, { key })).status).toBe(404);
  }
  expect((await read(foreign.id)).id).toBe(foreign.id);
  const body = { provider: "nifteem", name: "x" };
  expect((await ask("POST", "/v1/sources", { key, body })).status).toBe(403);
});

test("the list is cut into pages by id", async () => {
  const prefix = `page${crypto.randomUUID().slice(0, 6)}`;
  const ids = ["a", "b", "c"].map((letter) => `${prefix}-${letter}`);
  for (const id of ids) await newSource({ id });
  const { key } = await newKey(["sources:read"], ids);
  const first = await answerOf(await ask("GET", "/v1/sources?limit=2", { key }), 200, list);
  expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
  const rest = await ask("GET", `/v1/sources?limit=2&cursor=${first.nextCursor}`, { key });
  const last = await answerOf(rest, 200, list);
  expect(last).toMatchObject({ data: [{ id: ids[2] }], nextCursor: null });
});

test("the providers are listed with their ways to authenticate and how to set them up", async () => {
  const provider = z.looseObject({
    name: z.string(),
    title: z.string(),
    setup: z.string(),
    defaultAuth: z.array(entry),
    auth: z.array(z.looseObject({ type: z.string(), schema: anything })),
  });
  const response = await ask("GET", "/v1/providers");
  const { data } = await answerOf(response, 200, z.looseObject({ data: z.array(provider) }));
  const nifteem = data.find(({ name }) => name === "nifteem");
  expect(nifteem?.defaultAuth).toEqual([{ type: "header", name: "X-API-Key" }]);
  expect(nifteem?.auth.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["header", "basic", "hmac", "urlToken"]),
  );
  const header = nifteem?.auth.find(({ type }) => type === "header");
  expect(header?.schema).toMatchObject({ type: "object", required: ["type", "name"] });
});
