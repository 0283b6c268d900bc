import { env, exports } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AppEnvironment } from "../../../src/http/context.ts";
import { rejectedRoutes } from "../../../src/ingest/rejected/route.ts";
import { keepRejected } from "../../../src/ingest/rejected/store.ts";
import type { Principal } from "../../../src/model/access.ts";
import * as limits from "../../../src/model/limits.ts";
import { findProvider } from "../../../src/providers/index.ts";
import { loadSource } from "../../../src/sources/store.ts";
import { withBindings } from "../../support/messages.ts";
import { givenSource, storeSource, texterKey } from "../../support/sources.ts";
import { nifteemBody, nifteemHeaders, readMessage, send, texterBody } from "../../support/webhooks.ts";

const rejectedSchema = z.object({
  id: z.string(),
  source: z.string(),
  count: z.int(),
  reason: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
  truncated: z.boolean(),
  replayable: z.boolean(),
  firstReceivedAt: z.string(),
  lastReceivedAt: z.string(),
});
const pageSchema = z.object({ data: z.array(rejectedSchema), nextCursor: z.string().nullable() });
const wholeSchema = rejectedSchema.extend({
  method: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  bodyEncoding: z.string(),
  items: z.array(z.unknown()).nullable(),
});

async function manage(path: string, method = "GET"): Promise<Response> {
  const headers = { Authorization: `Bearer ${env.ROOT_KEY}` };
  return exports.default.fetch(new Request(`http://localhost/v1${path}`, { method, headers }));
}

async function listOf(source: string, query = ""): Promise<z.infer<typeof pageSchema>> {
  const response = await manage(`/rejected?source=${source}${query}`);
  expect(response.status).toBe(200);
  return pageSchema.parse(await response.json());
}

async function onlyOne(source: string): Promise<z.infer<typeof wholeSchema>> {
  const { data } = await listOf(source);
  expect(data).toHaveLength(1);
  const response = await manage(`/rejected/${data[0]?.id}`);
  return wholeSchema.parse(await response.json());
}

async function reject(source: string, body: string, headers: HeadersInit = nifteemHeaders): Promise<void> {
  expect((await send({ path: `/in/${source}`, headers, body })).status).toBe(422);
}

/** As if the reader had had a bug when it came, that is mended now. */
async function givenMendable(source: string, body: string): Promise<void> {
  const settings = await loadSource(env, source, { fresh: true });
  const provider = findProvider(settings?.provider ?? "");
  if (settings === null || provider === null) throw new Error("no such source");
  await keepRejected(env, {
    settings,
    provider,
    webhook: {
      method: "POST",
      url: `http://localhost/in/${source}`,
      headers: new Map([["content-type", "application/json"]]),
      body: new TextEncoder().encode(body),
    },
    fault: { reason: "It could not be read.", issues: [{ path: "", message: "could not be read" }], bad: [] },
  });
}

const brokenMessage = {
  record: async (): Promise<never> => {
    throw new Error("the object is gone");
  },
};

/** The routes alone, for somebody with these scopes and sources. */
function routesFor(principal: Pick<Principal, "scopes" | "sources">): Hono<AppEnvironment> {
  const app = new Hono<AppEnvironment>();
  app.use(async (context, next) => {
    context.set("principal", { keyId: "test", secretId: null, expiresAtMs: null, ...principal });
    await next();
  });
  return app.route("/v1", rejectedRoutes);
}

describe("a rejected webhook is kept", () => {
  test("with its bytes, the paths of its faults, and without its credentials", async () => {
    const source = await givenSource();
    const body = nifteemBody({ messageId: "", recipientMetadata: { name: "Zoë" } });
    await reject(source, body, {
      ...nifteemHeaders,
      "X-Note": "kept",
      Cookie: "a=b",
      "X-Hub-Signature": "s",
    });
    const rejected = await onlyOne(source);
    expect(rejected).toMatchObject({ source, count: 1, method: "POST", body, bodyEncoding: "utf-8" });
    expect(rejected.errors.map((error) => error.path)).toEqual(["messageId"]);
    expect(rejected.headers["x-note"]).toBe("kept");
    const names = Object.keys(rejected.headers);
    for (const gone of ["x-api-key", "cookie", "x-hub-signature"]) expect(names).not.toContain(gone);
    expect(JSON.stringify(rejected)).not.toContain("right-nifteem-key");
  });

  test("once for the same bytes at the same source, which only raise the count", async () => {
    const source = await givenSource();
    const other = await givenSource();
    for (let count = 0; count < 3; count += 1) await reject(source, "{");
    await reject(source, "{ ");
    await reject(other, "{");
    const { data } = await listOf(source);
    expect(new Set(data.map((rejected) => rejected.count))).toEqual(new Set([1, 3]));
    expect((await onlyOne(other)).count).toBe(1);
  });

  test("of a good batch: the bad item beside the whole, while the good ones are recorded", async () => {
    const source = await givenSource({ provider: "texter", authSets: [[texterKey]] });
    const headers = { Authorization: "Bearer right-texter-key" };
    const response = await send({ path: `/in/${source}`, headers, body: texterBody(["A", "", "B"]) });
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    for (const id of ["A", "B"]) expect(await readMessage(source, id)).toMatchObject({ version: 1 });
    const rejected = await onlyOne(source);
    expect(rejected.errors.map((error) => error.path)).toEqual(["eventData.externalId[1]"]);
    expect(rejected.items).toHaveLength(1);
  });

  test("in bytes that are no text", async () => {
    const source = await givenSource();
    const body = new Uint8Array([0xff, 0x00, 0x22]);
    expect((await send({ path: `/in/${source}`, headers: nifteemHeaders, body })).status).toBe(422);
    expect(await onlyOne(source)).toMatchObject({ body: body.toBase64(), bodyEncoding: "base64" });
  });

  test("to its limit; what was cut cannot be replayed", async () => {
    const whole = await givenSource();
    await reject(whole, "é".repeat(limits.rejectedBodyBytesMax / 2));
    expect(await onlyOne(whole)).toMatchObject({ truncated: false, replayable: true });
    const cut = await givenSource();
    await reject(cut, `x${"é".repeat(limits.rejectedBodyBytesMax / 2)}`);
    const rejected = await onlyOne(cut);
    expect(rejected).toMatchObject({ truncated: true, replayable: false, bodyEncoding: "utf-8" });
    // The character that the cut divides is left out.
    expect(new TextEncoder().encode(rejected.body)).toHaveLength(limits.rejectedBodyBytesMax - 1);
    expect((await manage(`/rejected/${rejected.id}/replay`, "POST")).status).toBe(409);
  });

  test("while there is room at its source: the oldest goes first", async () => {
    const source = await givenSource();
    await env.DB.prepare(
      `INSERT INTO rejected SELECT 'rej_' || ?1 || value, ?1, 'nifteem', 1, '2020-01-01T00:00:00.' || printf('%03d', value) || 'Z',
         '2020-01-01T00:00:00.000Z', '', '[]', 0, 0, 'POST', '', '[]', NULL, ''
       FROM (WITH RECURSIVE numbers(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM numbers LIMIT ?2) SELECT value FROM numbers)
       WHERE true ON CONFLICT (id) DO NOTHING`,
    )
      .bind(source, limits.rejectedPerSourceMax)
      .run();
    await reject(source, "{");
    const kept = await env.DB.prepare(
      "SELECT count(*) AS rows, min(first_received_at) AS oldest FROM rejected WHERE source = ?1",
    )
      .bind(source)
      .first();
    expect(kept).toEqual({ rows: limits.rejectedPerSourceMax, oldest: "2020-01-01T00:00:00.001Z" });
  });
});

describe("the list", () => {
  test("goes newest first, page by page, without a gap and without a repeat", async () => {
    const source = await givenSource();
    for (let count = 0; count < 5; count += 1) await reject(source, `{${count}`);
    const whole = await listOf(source);
    expect(whole.data).toHaveLength(5);
    const times = whole.data.map((rejected) => rejected.firstReceivedAt);
    expect(times).toEqual(times.toSorted().toReversed());
    const paged: string[] = [];
    for (let cursor: string | null = "", pages = 0; cursor !== null && pages < 9; pages += 1) {
      const page: z.infer<typeof pageSchema> = await listOf(source, `&limit=2&cursor=${cursor}`);
      paged.push(...page.data.map((rejected) => rejected.id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(whole.data.map((rejected) => rejected.id));
  });

  test.each(["limit=0", "limit=201", "limit=x", "cursor=nonsense", "cursor=W10"])(
    "refuses %s",
    async (query) => {
      expect((await manage(`/rejected?${query}`)).status).toBe(422);
    },
  );
});

describe("a replay", () => {
  test("goes the way of the webhook, and ends the rejection", async () => {
    const source = await givenSource();
    await givenMendable(source, nifteemBody({ messageId: "M1" }));
    const { id } = await onlyOne(source);
    const response = await manage(`/rejected/${id}/replay`, "POST");
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { status: "ok", recorded: 1, repeated: 0 },
    ]);
    expect(await readMessage(source, "M1")).toMatchObject({ version: 1 });
    expect((await manage(`/rejected/${id}`)).status).toBe(404);
  });

  test("of what is still bad is 422 with its faults, and keeps it", async () => {
    const source = await givenSource();
    await givenMendable(source, nifteemBody({ statusDate: "yesterday" }));
    const { id } = await onlyOne(source);
    const response = await manage(`/rejected/${id}/replay`, "POST");
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: "statusDate" }] });
    expect(await onlyOne(source)).toMatchObject({ id, count: 1, errors: [{ path: "statusDate" }] });
  });

  test("that cannot be recorded is 503, and keeps it", async () => {
    const source = await givenSource();
    await givenMendable(source, nifteemBody());
    const { id } = await onlyOne(source);
    const broken = withBindings({ MESSAGE: { getByName: () => brokenMessage } });
    const routes = routesFor({ scopes: ["sources:write"], sources: null });
    const response = await routes.request(
      `http://localhost/v1/rejected/${id}/replay`,
      { method: "POST" },
      broken,
    );
    expect(response.status).toBe(503);
    expect(await onlyOne(source)).toMatchObject({ id });
  });

  test("needs its source, and needs it active", async () => {
    const source = await givenSource();
    await givenMendable(source, nifteemBody());
    const { id } = await onlyOne(source);
    await storeSource(source, { status: "inactive" });
    expect((await manage(`/rejected/${id}/replay`, "POST")).status).toBe(409);
    await env.DB.prepare("DELETE FROM sources WHERE id = ?1").bind(source).run();
    expect((await manage(`/rejected/${id}/replay`, "POST")).status).toBe(409);
    expect((await manage(`/rejected/${id}`)).status).toBe(200);
  });
});

test("deleted is deleted", async () => {
  const source = await givenSource();
  await reject(source, "{");
  const { id } = await onlyOne(source);
  expect((await manage(`/rejected/${id}`, "DELETE")).status).toBe(204);
  expect((await manage(`/rejected/${id}`, "DELETE")).status).toBe(404);
  expect((await listOf(source)).data).toEqual([]);
});

describe("who may", () => {
  test.each([
    ["sources:read", 200, 403, 403],
    ["sources:write", 200, 422, 204],
    ["messages:read", 403, 403, 403],
  ] as const)("%s: read %i, replay %i, delete %i", async (scope, read, replay, remove) => {
    const source = await givenSource();
    await reject(source, "{");
    const { id } = await onlyOne(source);
    const routes = routesFor({ scopes: [scope], sources: [source] });
    expect((await routes.request("/v1/rejected", {}, env)).status).toBe(read);
    expect((await routes.request(`/v1/rejected/${id}`, {}, env)).status).toBe(read);
    expect((await routes.request(`/v1/rejected/${id}/replay`, { method: "POST" }, env)).status).toBe(replay);
    expect((await routes.request(`/v1/rejected/${id}`, { method: "DELETE" }, env)).status).toBe(remove);
  });

  test("another source's key knows of nothing", async () => {
    const source = await givenSource();
    const own = await givenSource();
    await reject(source, "{");
    await reject(own, "{");
    const { id } = await onlyOne(source);
    const routes = routesFor({ scopes: ["sources:write"], sources: [own] });
    for (const [path, method] of [
      ["", "GET"],
      ["/replay", "POST"],
      ["", "DELETE"],
    ] as const) {
      expect((await routes.request(`/v1/rejected/${id}${path}`, { method }, env)).status).toBe(404);
    }
    for (const [query, found] of [
      ["", [own]],
      [`?source=${source}`, []],
      [`?source=${own}`, [own]],
    ] as const) {
      const response = await routes.request(`/v1/rejected${query}`, {}, env);
      expect(pageSchema.parse(await response.json()).data.map((rejected) => rejected.source)).toEqual(found);
    }
    expect((await onlyOne(source)).id).toBe(id);
  });
});
