import fc from "fast-check";
import { expect, test } from "vitest";
import {
  keptBody,
  keptHeaders,
  keptItems,
  keptQuery,
  rejectedId,
} from "../../../src/ingest/rejected/kept.ts";
import * as limits from "../../../src/model/limits.ts";
import type { Json } from "../../../src/model/json.ts";
import type { Webhook } from "../../../src/providers/provider.ts";

const authSets = [
  [{ type: "header", name: "X-Own-Proof", value: "hush-hush" }],
  [
    { type: "hmac", header: "X-Mark", encoding: "hex", secret: "older-secret" },
    { type: "urlToken", token: "tok-en" },
  ],
];

function aWebhook(webhook: Partial<Webhook>): Webhook {
  return {
    method: "POST",
    url: "https://t.example/in/s",
    headers: new Map(),
    body: new Uint8Array(),
    ...webhook,
  };
}

function keptOf(rest: string): string {
  return keptQuery(`https://t.example/in/s/tok-en${rest}`, {}, authSets);
}

async function idOf(body: Uint8Array, url = "https://t.example/in/s"): Promise<string> {
  return rejectedId("s", aWebhook({ body, url }));
}

test("headers that an entry names, that say credential, or that carry a secret are not kept", () => {
  const headers = new Map([
    ["accept", "*/*"],
    ["authorization", "Bearer x"],
    ["content-type", "application/json"],
    ["cookie", "a=b"],
    ["i-twilio-idempotency-token", "kept, it names the event"],
    ["proxy-authorization", "x"],
    ["referer", "https://t.example/in/s/tok-en"],
    ["x-api-key", "x"],
    ["x-hub-signature-256", "x"],
    ["x-mark", "ab12"],
    ["x-note", "the old one was older-secret"],
    ["x-own-proof", "hush-hush"],
  ]);
  expect(keptHeaders(headers, {}, authSets)).toEqual([
    ["accept", "*/*"],
    ["content-type", "application/json"],
    ["i-twilio-idempotency-token", "kept, it names the event"],
  ]);
});

test("of an unknown scheme every text is taken for a secret", () => {
  const headers = new Map([["x-note", "says mystery"]]);
  expect(keptHeaders(headers, {}, [[{ type: "newer", something: "mystery" }]])).toEqual([]);
});

test("headers are kept up to their limit, a long one does not push out the others", () => {
  const headers = new Map([
    ["a", "x".repeat(limits.rejectedHeadersBytesMax)],
    ["b", "y".repeat(limits.rejectedHeadersBytesMax - 1)],
    ["c", "z"],
  ]);
  expect(keptHeaders(headers, {}, []).map(([name]) => name)).toEqual(["b"]);
});

test("the query is kept with its credentials masked, the path is not", () => {
  expect(keptOf("")).toBe("");
  expect(keptOf("?")).toBe("?");
  expect(keptOf("?id=1&verify_token=abc&q=a=b&x=hush-hush&flag")).toBe("?id=1&verify_token=…&q=a=b&x=…&flag");
});

test("a body is kept to its limit", () => {
  expect(keptBody(new Uint8Array(limits.rejectedBodyBytesMax)).byteLength).toBe(limits.rejectedBodyBytesMax);
  expect(keptBody(new Uint8Array(limits.rejectedBodyBytesMax + 1)).byteLength).toBe(
    limits.rejectedBodyBytesMax,
  );
});

test("bad items are kept where they fit and can be written down at all", () => {
  const issues = [{ path: "", message: "" }];
  expect(keptItems([])).toBeNull();
  expect(
    keptItems([
      { raw: { a: 1 }, issues },
      { raw: null, issues },
    ]),
  ).toBe('[{"a":1},null]');
  expect(keptItems([{ raw: "x".repeat(limits.rejectedBodyBytesMax), issues }])).toBeNull();
  let deep: Json = null;
  for (let level = 0; level < 50_000; level += 1) deep = [deep];
  expect(keptItems([{ raw: deep, issues }])).toBeNull();
});

test("the same bytes at the same source have one id, whatever the headers and the query", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), fc.uint8Array(), async (left, right) => {
      expect(await idOf(left)).toBe(await idOf(left.slice(), "https://t.example/in/s?x=1"));
      expect((await idOf(left)) === (await idOf(right))).toBe(left.join() === right.join());
      expect(await idOf(left)).not.toBe(await rejectedId("other", aWebhook({ body: left })));
    }),
  );
});

test("a GET says what it says in its query", async () => {
  const ids = ["?id=1", "?id=2"].map(async (query) =>
    rejectedId("s", aWebhook({ method: "GET", url: `https://t.example/in/s${query}` })),
  );
  expect(new Set(await Promise.all(ids)).size).toBe(2);
});

test("a GET that says nothing is the same at the address of a new token", async () => {
  const ids = ["old", "new"].map(async (token) =>
    rejectedId("s", aWebhook({ method: "GET", url: `https://t.example/in/s/${token}` })),
  );
  expect(new Set(await Promise.all(ids)).size).toBe(1);
});
