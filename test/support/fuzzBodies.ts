/** Webhooks near to what providers send: their fixtures with members, bytes, headers and queries changed. */
import * as fc from "fast-check";
import type { Json } from "../../src/model/json.ts";
import type { Webhook } from "../../src/providers/provider.ts";
import { type ProviderCase, webhookOf } from "./fixtures.ts";
import { asJson, oddTexts } from "./fuzz.ts";
import { oddValues, pathsOf, replaced } from "./mutations.ts";

export const oddText = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 80 }),
);

export const oddJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...oddValues),
  oddText,
  fc.double().map(asJson),
  fc.maxSafeInteger(),
  fc.jsonValue({ maxDepth: 4 }).map(asJson),
);

/** One change: the value at some path becomes another, is dropped, or is multiplied where it stands in a list. */
const edit = fc.record({
  choice: fc.nat(),
  by: fc.oneof(
    { weight: 6, arbitrary: oddJson.map((value) => ({ kind: "value" as const, value })) },
    { weight: 2, arbitrary: fc.constant({ kind: "gone" as const }) },
    { weight: 1, arbitrary: fc.nat(300).map((times) => ({ kind: "many" as const, times })) },
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

export function changedJson(json: Json, edits: readonly Edit[]): Json {
  return edits.reduce<Json>((value, { choice, by }) => {
    const paths = pathsOf(value);
    const path = paths[choice % Math.max(paths.length, 1)];
    if (path === undefined) return by.kind === "value" ? by.value : value;
    if (by.kind === "value") return replaced(value, path, by.value);
    if (by.kind === "gone") return replaced(value, path, undefined);
    const found = path.reduce<unknown>((at, step) => Reflect.get(Object(at), step), value);
    return Array.isArray(found)
      ? replaced(value, path, asJson(Array.from({ length: by.times }, (): unknown[] => found).flat()))
      : value;
  }, json);
}

export const edits = fc.array(edit, { minLength: 1, maxLength: 6 });

const byteEdit = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("flip", "drop", "insert", "double", "cut"),
  length: fc.nat(40),
  byte: fc.nat(255),
});
type ByteEdit = typeof byteEdit extends fc.Arbitrary<infer Value> ? Value : never;

export function changedBytes(bytes: Uint8Array, changes: readonly ByteEdit[]): Uint8Array {
  return changes.reduce((current, { at, kind, length, byte }) => {
    const place = at % (current.length + 1);
    const [before, after] = [current.slice(0, place), current.slice(place)];
    switch (kind) {
      case "flip":
        return Uint8Array.from([...before, (after[0] ?? 0) ^ (byte || 1), ...after.slice(1)]);
      case "drop":
        return Uint8Array.from([...before, ...after.slice(length)]);
      case "insert":
        return Uint8Array.from([...before, byte, ...after]);
      case "double":
        return Uint8Array.from([...before, ...after.slice(0, length), ...after]);
      case "cut":
        return before;
    }
  }, bytes);
}

export const byteEdits = fc.array(byteEdit, { minLength: 1, maxLength: 5 });

/** Where providers put signatures, times and versions. */
const headerNames = [
  "authorization",
  "content-type",
  "content-encoding",
  "idempotency-key",
  "messagebird-request-timestamp",
  "messagebird-signature",
  "messagebird-signature-jwt",
  "telnyx-signature-ed25519",
  "telnyx-timestamp",
  "x-api-key",
  "x-hub-signature-256",
  "x-plivo-signature-v3",
  "x-plivo-signature-v3-nonce",
  "x-sinch-signature",
  "x-sinch-webhook-signature",
  "x-sinch-webhook-signature-nonce",
  "x-sinch-webhook-signature-algorithm",
  "x-sinch-webhook-signature-timestamp",
  "x-twilio-signature",
];

export const headerText = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 60 }),
  fc.base64String({ maxLength: 120 }),
  fc.constantFrom(
    "Basic !",
    "Bearer a.b.c",
    "Bearer eyJhbGciOiJub25lIn0.e30.",
    "sha256=zz",
    "application/x-www-form-urlencoded",
    "text/plain; charset=utf-7",
    "-1",
    "1e400",
    "x".repeat(4_000),
  ),
);

export const headers = fc
  .array(fc.tuple(fc.constantFrom(...headerNames), headerText), { maxLength: 5 })
  .map((pairs) => new Map(pairs));

export const queries = fc.oneof(
  fc.constant(""),
  fc.string({ unit: "grapheme-ascii", maxLength: 60 }).map((text) => text.replaceAll(/[#\s]/g, "%")),
  fc
    .array(fc.tuple(oddText, oddText), { maxLength: 4 })
    .map((pairs) =>
      pairs
        .map(([name, value]) =>
          [name, value].map((text) => encodeURIComponent(text.toWellFormed())).join("="),
        )
        .join("&"),
    ),
);

export function webhooksOf(cases: readonly ProviderCase[]): fc.Arbitrary<Webhook> {
  const base = fc.constantFrom(...cases);
  const body = base.chain((one) => {
    const bytes = webhookOf(one).body;
    const { json, form } = one.request;
    return fc.oneof(
      {
        weight: json === undefined ? 0 : 6,
        arbitrary: edits.map((changes) => utf8(JSON.stringify(changedJson(json ?? null, changes)))),
      },
      {
        weight: form === undefined ? 0 : 6,
        arbitrary: fc
          .array(fc.tuple(fc.nat(), fc.option(oddText)), { minLength: 1, maxLength: 5 })
          .map((changes) => utf8(changedForm(form ?? {}, changes))),
      },
      { weight: 3, arbitrary: byteEdits.map((changes) => changedBytes(bytes, changes)) },
      { weight: 1, arbitrary: oddJson.map((value) => utf8(JSON.stringify(value))) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
    );
  });
  return fc
    .record({ one: base, body, headers, query: queries, method: fc.constantFrom("POST", "POST", "GET") })
    .map(({ one, body: changed, headers: more, query, method }) => {
      const original = webhookOf(one);
      const joint = original.url.includes("?") ? "&" : "?";
      return {
        method,
        url: query === "" ? original.url : `${original.url}${joint}${query}`,
        headers: new Map([...original.headers, ...more]),
        body: changed,
      };
    });
}

function changedForm(
  form: Readonly<Record<string, string>>,
  changes: readonly (readonly [number, string | null])[],
): string {
  const names = Object.keys(form);
  const params = new URLSearchParams(form);
  for (const [choice, value] of changes) {
    const name = names[choice % Math.max(names.length, 1)] ?? "a";
    if (value === null) params.delete(name);
    else if (choice % 3 === 0) params.append(name, value);
    else params.set(name, value);
  }
  return params.toString();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
