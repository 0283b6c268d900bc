import * as z from "zod";
import { expect, test } from "vitest";
import type { Provider } from "../../../src/providers/provider.ts";
import type { AuthScheme } from "../../../src/providers/scheme.ts";
import {
  complete,
  holdingEntries,
  mask,
  previousHoldsUntilMs,
  rotateSets,
  shown,
  withoutSecrets,
} from "../../../src/sources/auth.ts";

/** A vendor that issues its key itself. */
const vendorScheme: AuthScheme = {
  entry: z.strictObject({
    type: z.literal("vendor"),
    region: z.string(),
    appSecret: z.string().exactOptional(),
  }),
  secrets: ["appSecret"],
  generated: false,
  verify: async () => "refused",
};
const provider: Provider = {
  name: "fake",
  title: "Fake",
  defaultAuth: [{ type: "header", name: "X-API-Key" }],
  schemes: { vendor: vendorScheme },
  setup: "",
  acknowledgement: "json",
  read: () => ({ kind: "ignored", event: "" }),
};

let made = 0;
function makeSecret(): string {
  made += 1;
  return `made-${made}`;
}

function pathsOf(given: Parameters<typeof complete>[1]): string[] {
  const completed = complete(provider, given, makeSecret);
  if (completed.ok || completed.failure.kind !== "invalid") return [];
  return completed.failure.issues.map(({ path }) => path);
}

test("a secret that is left out is made, and only that is told to be shown", () => {
  const given = [
    { type: "header", name: "X-One" },
    { type: "header", name: "X-Two", value: "mine" },
  ];
  const completed = complete(provider, given, () => "fresh");
  expect(completed).toEqual({
    ok: true,
    value: {
      entries: [
        { type: "header", name: "X-One", value: "fresh" },
        { type: "header", name: "X-Two", value: "mine" },
      ],
      generated: [{ type: "header", name: "X-One", value: "fresh" }],
    },
  });
});

test("an empty or blank secret is refused, at its path", () => {
  for (const value of ["", "  "]) {
    expect(pathsOf([{ type: "header", name: "X-One", value }])).toEqual(["auth[0].value"]);
  }
  expect(pathsOf([{ type: "hmac", header: "X-S", encoding: "hex", secret: "" }])).toEqual(["auth[0].secret"]);
  expect(pathsOf([{ type: "vendor", region: "eu", appSecret: "" }])).toEqual(["auth[0].appSecret"]);
});

test("the mask that is shown can't be sent back as a secret", () => {
  expect(pathsOf([{ type: "header", name: "X-One", value: mask }])).toEqual(["auth[0].value"]);
});

test("a secret that only the vendor can issue must be given", () => {
  expect(pathsOf([{ type: "vendor", region: "eu" }])).toEqual(["auth[0].appSecret"]);
  expect(pathsOf([{ type: "vendor", region: "eu", appSecret: "theirs" }])).toEqual([]);
});

test("unknown types, unknown members and wrong values are refused, each at its path", () => {
  expect(pathsOf([{ type: "none" }, { type: "header", name: "X" }, { name: "X" }])).toEqual([
    "auth[0].type",
    "auth[2].type",
  ]);
  expect(pathsOf([{ type: "header", name: "X", extra: 1 }])).toEqual(["auth[0].extra"]);
  expect(pathsOf([{ type: "hmac", header: "X", encoding: "base32" }])).toEqual(["auth[0].encoding"]);
  expect(pathsOf([{ type: "toString" }])).toEqual(["auth[0].type"]);
});

test("an address ends with one token", () => {
  expect(pathsOf([{ type: "urlToken" }, { type: "urlToken" }])).toEqual(["auth"]);
});

test("what is shown has no secret, of an unknown scheme or provider nothing but the type", () => {
  const entries = [
    { type: "header", name: "X-One", value: "secret" },
    { type: "vendor", region: "eu", appSecret: "secret" },
    { type: "gone", value: "secret" },
  ];
  expect(shown(provider, entries)).toEqual([
    { type: "header", name: "X-One", value: mask },
    { type: "vendor", region: "eu", appSecret: mask },
    { type: "gone" },
  ]);
  expect(shown(null, entries)).toEqual([{ type: "header" }, { type: "vendor" }, { type: "gone" }]);
});

test("the same kinds of proof can be asked for again without their secrets", () => {
  expect(withoutSecrets(provider, [{ type: "header", name: "X-One", value: "secret" }])).toEqual([
    { type: "header", name: "X-One" },
  ]);
});

test("after a rotation old and new hold, until the overlap ends", () => {
  const [old, fresh] = [[{ type: "header", value: "old" }], [{ type: "header", value: "new" }]];
  const sets = rotateSets([{ entries: old, holdsUntilMs: null }], fresh, 1_000, 500);
  expect(holdingEntries(sets, 1_499)).toEqual([fresh, old]);
  expect(holdingEntries(sets, 1_500)).toEqual([fresh]);
  expect(previousHoldsUntilMs(sets)).toBe(1_500);
});

function set(value: string) {
  return [{ type: "header", value }];
}

test("an overlap of nothing ends every older set at once", () => {
  const once = rotateSets([{ entries: set("a"), holdsUntilMs: null }], set("b"), 1_000, 9_000);
  const twice = rotateSets(once, set("c"), 2_000, 9_000);
  expect(holdingEntries(twice, 9_999)).toEqual([set("c"), set("b"), set("a")]);
  expect(holdingEntries(twice, 10_000)).toEqual([set("c"), set("b")]);
  const last = rotateSets(twice, set("d"), 3_000, 0);
  expect(holdingEntries(last, 3_000)).toEqual([set("d")]);
  expect(previousHoldsUntilMs(last)).toBeNull();
});
