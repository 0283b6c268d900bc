import { expect, test } from "vitest";
import { judge, setsReached } from "../../../src/ingest/admission.ts";
import type { Webhook } from "../../../src/providers/provider.ts";
import { headerScheme } from "../../../src/providers/scheme-header.ts";
import type { AuthEntry, AuthScheme } from "../../../src/providers/scheme.ts";

const one: AuthEntry = { type: "header", name: "X-One", value: "1" };
const two: AuthEntry = { type: "header", name: "X-Two", value: "2" };
const old: AuthEntry = { type: "header", name: "X-One", value: "old" };
const token: AuthEntry = { type: "urlToken", token: "t" };
const signed: AuthEntry = { type: "signed" };

const signedScheme: AuthScheme = {
  ...headerScheme,
  verify: async (webhook) => {
    const signature = webhook.headers.get("signature");
    if (signature === undefined) return "unsigned";
    return signature === "right" ? "verified" : "refused";
  },
};
const provider = { schemes: { signed: signedScheme } };

function aWebhook(headers: Record<string, string>, path = "/in/a-source"): Webhook {
  return {
    method: "POST",
    url: `https://tickline.example${path}`,
    headers: new Map(Object.entries(headers)),
    body: new Uint8Array(),
  };
}

test("all entries of a set must hold", async () => {
  const sets = [[one, two]];
  expect(await judge(provider, aWebhook({ "x-one": "1", "x-two": "2" }), sets, 0)).toBe("verified");
  expect(await judge(provider, aWebhook({ "x-one": "1" }), sets, 0)).toBe("refused");
  expect(await judge(provider, aWebhook({ "x-two": "2" }), sets, 0)).toBe("refused");
});

test("while a rotation overlaps, the old set and the new one hold, but no mixture", async () => {
  const sets = [
    [one, two],
    [old, { ...two, value: "old" }],
  ];
  expect(await judge(provider, aWebhook({ "x-one": "1", "x-two": "2" }), sets, 0)).toBe("verified");
  expect(await judge(provider, aWebhook({ "x-one": "old", "x-two": "old" }), sets, 0)).toBe("verified");
  expect(await judge(provider, aWebhook({ "x-one": "1", "x-two": "old" }), sets, 0)).toBe("refused");
});

test("nothing at all, an empty set and an unknown scheme refuse", async () => {
  const webhook = aWebhook({ "x-one": "1" });
  for (const sets of [[], [[]], [[one, { type: "none" }]], [[{ type: "toString" }]]]) {
    expect(await judge(provider, webhook, sets, 0)).toBe("refused");
  }
});

test("what is not signed is asked for again, unless something else is wrong", async () => {
  expect(await judge(provider, aWebhook({}), [[signed]], 0)).toBe("unsigned");
  expect(await judge(provider, aWebhook({ signature: "right" }), [[signed]], 0)).toBe("verified");
  expect(await judge(provider, aWebhook({ signature: "wrong" }), [[signed]], 0)).toBe("refused");
  expect(await judge(provider, aWebhook({}), [[signed, one]], 0)).toBe("refused");
  expect(await judge(provider, aWebhook({ "x-one": "1" }), [[signed], [one]], 0)).toBe("verified");
});

test("an address with a token is none where the source has no use for one", async () => {
  const webhook = aWebhook({ "x-one": "1" }, "/in/a-source/t");
  expect(await judge(provider, webhook, [[one]], 0)).toBe("elsewhere");
  expect(await judge(provider, webhook, [[one, token]], 0)).toBe("verified");
  expect(await judge(provider, webhook, [[one], [token]], 0)).toBe("verified");
});

test("a greeting reaches the sets whose URL token it has, and those without one", async () => {
  const greeting = aWebhook({}, "/in/a-source/t");
  expect(
    await setsReached(provider, greeting, [[token, signed], [{ ...token, token: "u" }], [one]], 0),
  ).toEqual([[token, signed], [one]]);
});
