import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuthEntry } from "../../../src/providers/scheme.ts";
import { withBindings } from "../../support/messages.ts";
import { callbellToken, givenSource, nifteemKey, storeSource } from "../../support/sources.ts";
import { nifteemBody, nifteemHeaders, readMessage, send, sendWith } from "../../support/webhooks.ts";

const hmacEntry: AuthEntry = {
  type: "hmac",
  header: "X-Signature",
  encoding: "hex",
  prefix: "sha256=",
  secret: "right-hmac-secret",
};

async function signed(body: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode("right-hmac-secret"),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(body));
  return `sha256=${new Uint8Array(signature).toHex()}`;
}

/** Everything that the edge writes for a source. */
async function rowsOf(source: string): Promise<unknown> {
  return env.DB.prepare(
    `SELECT (SELECT count(*) FROM rejected WHERE source = ?1) AS rejected,
            (SELECT count(*) FROM events WHERE source = ?1) AS events`,
  )
    .bind(source)
    .first();
}

/** A database that counts what is asked of it. */
function countingEnv(): { readonly env: Env; readonly queries: string[] } {
  const queries: string[] = [];
  const prepare = (query: string) => {
    queries.push(query);
    return env.DB.prepare(query);
  };
  return { env: withBindings({ DB: { prepare } }), queries };
}

describe("401 for every credential that is not right, and nothing is recorded", () => {
  test.each<[string, HeadersInit]>([
    ["missing", {}],
    ["empty", { "X-API-Key": "" }],
    ["wrong", { "X-API-Key": "wrong-nifteem-key" }],
    ["truncated", { "X-API-Key": "right-nifteem-ke" }],
    ["one character too long", { "X-API-Key": "right-nifteem-keyy" }],
    ["in another case", { "X-API-Key": "RIGHT-NIFTEEM-KEY" }],
    [
      "doubled",
      [
        ["X-API-Key", "right-nifteem-key"],
        ["X-API-Key", "right-nifteem-key"],
      ],
    ],
    [
      "right and wrong",
      [
        ["X-API-Key", "right-nifteem-key"],
        ["X-API-Key", "wrong"],
      ],
    ],
    ["oversized", { "X-API-Key": "right-nifteem-key".repeat(1_000) }],
    ["in another header", { Authorization: "Bearer right-nifteem-key" }],
    ["the deployment's own key", { "X-API-Key": env.ROOT_KEY }],
  ])("%s", async (_, headers) => {
    const source = await givenSource();
    const response = await send({ path: `/in/${source}`, headers, body: nifteemBody({ messageId: "M1" }) });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain(source);
    // Nor is anything kept of what is not even a webhook.
    expect((await send({ path: `/in/${source}`, headers, body: "{" })).status).toBe(401);
    expect(await readMessage(source, "M1")).toBeNull();
    expect(await rowsOf(source)).toEqual({ rejected: 0, events: 0 });
  });

  test("a URL token: wrong, missing, and one more step behind it", async () => {
    const source = await givenSource({ provider: "callbell", authSets: [[callbellToken]] });
    const body = JSON.stringify({ event: "message_status_updated", payload: { uuid: "M1", status: "read" } });
    const statuses = new Map<string, number>();
    for (const rest of [
      "",
      "/wrong",
      "/right-callbell-token/x",
      "/right-callbell-token%20",
      "/right-callbell-token",
    ]) {
      statuses.set(rest, (await send({ path: `/in/${source}${rest}`, body })).status);
      if (rest !== "/right-callbell-token") expect(await readMessage(source, "M1")).toBeNull();
    }
    expect([...statuses.values()]).toEqual([401, 401, 404, 401, 200]);
    expect(await readMessage(source, "M1")).toMatchObject({ status: "read" });
  });

  test("several entries: each alone is not enough", async () => {
    const source = await givenSource({ authSets: [[nifteemKey, hmacEntry]] });
    const path = `/in/${source}`;
    const body = nifteemBody({ messageId: "M1" });
    const signature = { "X-Signature": await signed(body) };
    expect((await send({ path, headers: nifteemHeaders, body })).status).toBe(401);
    expect((await send({ path, headers: signature, body })).status).toBe(401);
    const both = { ...nifteemHeaders, ...signature };
    expect((await send({ path, headers: both, body: `${body} ` })).status).toBe(401);
    expect(await readMessage(source, "M1")).toBeNull();
    expect((await send({ path, headers: both, body })).status).toBe(200);
  });
});

test("a forged update cannot suppress the real one", async () => {
  const source = await givenSource();
  const body = nifteemBody({ messageId: "M1" });
  for (const key of ["", "wrong"]) {
    expect((await send({ path: `/in/${source}`, headers: { "X-API-Key": key }, body })).status).toBe(401);
  }
  expect((await send({ path: `/in/${source}`, headers: nifteemHeaders, body })).status).toBe(200);
  expect(await readMessage(source, "M1")).toMatchObject({ version: 1, duplicates: 0 });
});

async function statusWith(source: string, key: string): Promise<number> {
  const headers = { "X-API-Key": key };
  return (await send({ path: `/in/${source}`, headers, body: nifteemBody() })).status;
}

/** A database that is down. */
const brokenDb = {
  prepare: (): never => {
    throw new Error("D1 is down");
  },
};

describe("settings are remembered for seconds, refusals never rest on them", () => {
  const next: AuthEntry = { type: "header", name: "X-API-Key", value: "next-nifteem-key" };

  test("a credential that was rotated in a moment ago holds at once, and the old one while they overlap", async () => {
    const source = await givenSource();
    expect(await statusWith(source, "right-nifteem-key")).toBe(200);
    await storeSource(source, { authSets: [[next], [nifteemKey]] });
    expect(await statusWith(source, "next-nifteem-key")).toBe(200);
    expect(await statusWith(source, "right-nifteem-key")).toBe(200);
    await storeSource(source, { authSets: [[next]] });
    expect(await statusWith(source, "wrong")).toBe(401);
    expect(await statusWith(source, "right-nifteem-key")).toBe(401);
  });

  test("a source that is active again, or new, is there at once", async () => {
    const source = await givenSource({ status: "inactive" });
    expect(await statusWith(source, "right-nifteem-key")).toBe(404);
    await storeSource(source);
    expect(await statusWith(source, "right-nifteem-key")).toBe(200);
    const later = `later-${crypto.randomUUID()}`;
    expect(await statusWith(later, "right-nifteem-key")).toBe(404);
    await storeSource(later);
    expect(await statusWith(later, "right-nifteem-key")).toBe(200);
  });

  test("a webhook that holds reads nothing from the database, one that does not reads once", async () => {
    const source = await givenSource();
    expect(await statusWith(source, "right-nifteem-key")).toBe(200);
    const warm = countingEnv();
    for (const key of ["right-nifteem-key", "wrong", ""]) {
      const headers = { "X-API-Key": key };
      await sendWith(warm.env, { path: `/in/${source}`, headers, body: nifteemBody() });
    }
    const reads = warm.queries.filter((query) => query.startsWith("SELECT"));
    expect(reads).toHaveLength(2);
  });

  test("a refusal that cannot be checked is none: the provider is asked to come again", async () => {
    const source = await givenSource();
    expect(await statusWith(source, "right-nifteem-key")).toBe(200);
    const down = withBindings({ DB: brokenDb });
    const wrong = await sendWith(down, {
      path: `/in/${source}`,
      headers: { "X-API-Key": "wrong" },
      body: nifteemBody(),
    });
    expect(wrong.status).toBe(503);
    expect(Number(wrong.headers.get("Retry-After"))).toBeGreaterThan(0);
    const held = await sendWith(down, {
      path: `/in/${source}`,
      headers: nifteemHeaders,
      body: nifteemBody(),
    });
    expect(held.status).toBe(200);
  });
});

test("whatever is changed about a signed webhook, nothing unauthenticated is ever recorded", async () => {
  const source = await givenSource({ authSets: [[nifteemKey, hmacEntry]] });
  const body = nifteemBody({ messageId: "M1" });
  const signature = await signed(body);
  const bytes = new TextEncoder().encode(body);
  const text = fc.string({ unit: "grapheme-ascii", maxLength: 80 }).map((value) => value.trim());
  const mutation = fc.oneof(
    fc.record({ key: text }),
    fc.record({ key: fc.constant("right-nifteem-key"), signature: text }),
    fc.record({ signature: fc.nat(signature.length).map((length) => signature.slice(0, length)) }),
    fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) }),
    fc.record({ length: fc.nat(bytes.length - 1) }),
    fc.record({
      name: fc.constantFrom("X-API-Ke", "Authorization", "Cookie"),
      key: fc.constant("right-nifteem-key"),
    }),
  );
  await fc.assert(
    fc.asyncProperty(mutation, async (changed) => {
      const headers: Record<string, string> = {};
      headers["name" in changed ? changed.name : "X-API-Key"] =
        "key" in changed ? changed.key : "right-nifteem-key";
      headers["X-Signature"] = "signature" in changed ? changed.signature : signature;
      const mutated = bytes.slice(0, "length" in changed ? changed.length : bytes.length);
      if ("at" in changed) mutated[changed.at] = changed.to;
      fc.pre(
        headers["X-API-Key"] !== "right-nifteem-key" ||
          headers["X-Signature"] !== signature ||
          mutated.toHex() !== bytes.toHex(),
      );
      const response = await send({ path: `/in/${source}`, headers, body: mutated });
      expect(response.status).toBe(401);
    }),
    { numRuns: 300 },
  );
  expect(await readMessage(source, "M1")).toBeNull();
  expect(await rowsOf(source)).toEqual({ rejected: 0, events: 0 });
  const real = { "X-API-Key": "right-nifteem-key", "X-Signature": signature };
  expect((await send({ path: `/in/${source}`, headers: real, body })).status).toBe(200);
});
