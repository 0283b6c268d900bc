import fc from "fast-check";
import { expect, test } from "vitest";
import type { Webhook } from "../../../src/providers/provider.ts";
import { headerScheme } from "../../../src/providers/scheme-header.ts";
import { presentedUrlToken } from "../../../src/providers/scheme-url-token.ts";
import type { AuthEntry, AuthScheme, Verdict } from "../../../src/providers/scheme.ts";
import { findScheme, generalSchemes } from "../../../src/providers/schemes.ts";

const body = "Hello, World!";
const header: AuthEntry = { type: "header", name: "X-API-Key", value: "right horse" };
const basic: AuthEntry = { type: "basic", username: "Aladdin", password: "open sesame" };
const hmac: AuthEntry = {
  type: "hmac",
  header: "X-Hub-Signature-256",
  encoding: "hex",
  prefix: "sha256=",
  secret: "It's a Secret to Everybody",
};
const urlToken: AuthEntry = { type: "urlToken", token: "Ab_9-" };
// The example of GitHub's own documentation.
const signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

function aWebhook(headers: Record<string, string> = {}, path = "/in/a-source"): Webhook {
  return {
    method: "POST",
    url: `https://tickline.example${path}`,
    headers: new Map(Object.entries(headers)),
    body: new TextEncoder().encode(body),
  };
}

async function verify(entry: AuthEntry, webhook: Webhook): Promise<Verdict | undefined> {
  return findScheme({}, entry.type)?.verify(webhook, entry, 0);
}

test("a header holds with exactly its value, whatever the case of its name", async () => {
  expect(await verify(header, aWebhook({ "x-api-key": "right horse" }))).toBe("verified");
  for (const wrong of ["", "right hors", "right horsE", "right horse, right horse", "x".repeat(100_000)]) {
    expect(await verify(header, aWebhook({ "x-api-key": wrong }))).toBe("refused");
  }
  expect(await verify(header, aWebhook())).toBe("refused");
  expect(await verify(header, aWebhook({ authorization: "right horse" }))).toBe("refused");
});

test("basic holds with the user name and password of RFC 7617", async () => {
  const right = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
  expect(await verify(basic, aWebhook({ authorization: right }))).toBe("verified");
  expect(await verify(basic, aWebhook({ authorization: right.replace("Basic", "basic") }))).toBe("verified");
  for (const wrong of ["", right.slice(0, -4), `${right}, ${right}`, "Basic", "Basic ????", "Bearer x"]) {
    expect(await verify(basic, aWebhook({ authorization: wrong }))).toBe("refused");
  }
  const accented: AuthEntry = { type: "basic", username: "ümläut", password: "pä:ss" };
  const encoded = new TextEncoder().encode("ümläut:pä:ss").toBase64();
  expect(await verify(accented, aWebhook({ authorization: `Basic ${encoded}` }))).toBe("verified");
});

test("an HMAC holds over the raw bytes, in hex after its prefix", async () => {
  const right = `sha256=${signature}`;
  const presented = (value: string) => aWebhook({ "x-hub-signature-256": value });
  expect(await verify(hmac, presented(right))).toBe("verified");
  expect(await verify(hmac, presented(`sha256=${signature.toUpperCase()}`))).toBe("verified");
  for (const wrong of [
    "",
    signature,
    right.slice(0, -2),
    `${right}00`,
    "sha256=",
    "sha256=zz",
    `sha512=${signature}`,
    `${right}, ${right}`,
  ]) {
    expect(await verify(hmac, presented(wrong))).toBe("refused");
  }
  const changed = { ...presented(right), body: new TextEncoder().encode(`${body} `) };
  expect(await verify(hmac, changed)).toBe("refused");
  expect(await verify(hmac, aWebhook())).toBe("refused");
});

test("an HMAC in base64 holds without a prefix", async () => {
  const entry: AuthEntry = { type: "hmac", header: "x-signature", encoding: "base64", secret: "s" };
  const right = "fuLCCiId+Y8LNr/x1ItK+ctg1nkyVTetemupTzWLWhI=";
  expect(await verify(entry, aWebhook({ "x-signature": right }))).toBe("verified");
  expect(await verify(entry, aWebhook({ "x-signature": right.slice(4) }))).toBe("refused");
  expect(await verify(entry, aWebhook({ "x-signature": Uint8Array.fromBase64(right).toHex() }))).toBe(
    "refused",
  );
});

test("a URL token is the whole last step of the path", async () => {
  expect(await verify(urlToken, aWebhook({}, "/in/a-source/Ab_9-"))).toBe("verified");
  expect(await verify(urlToken, aWebhook({}, "/in/a-source/Ab_9-?x=/in/a/b"))).toBe("verified");
  const wrong = [
    "/in/a-source",
    "/in/a-source?/in/a-source/Ab_9-",
    "/in/a-source/Ab_9",
    "/in/a-source/Ab_9-/Ab_9-",
  ];
  for (const path of wrong) {
    expect(await verify(urlToken, aWebhook({}, path))).toBe("refused");
  }
  expect(presentedUrlToken("https://tickline.example/in/a-source?token=x")).toBeNull();
  expect(presentedUrlToken("https://tickline.example/in/a-source/t%20k")).toBe("t%20k");
});

test("nothing holds against an entry without its secret, or with an empty one", async () => {
  const webhook = aWebhook(
    { "x-api-key": "", authorization: "Basic QWxhZGRpbjo=", "x-hub-signature-256": "sha256=" },
    "/in/a-source/",
  );
  for (const entry of [header, basic, hmac, urlToken]) {
    for (const secret of generalSchemes.get(entry.type)?.secrets ?? []) {
      const { [secret]: _left, ...rest } = entry;
      expect(await verify({ ...rest, type: entry.type }, webhook)).toBe("refused");
      expect(await verify({ ...rest, type: entry.type, [secret]: "" }, webhook)).toBe("refused");
    }
  }
});

test("an entry may leave out its secrets and nothing else; an empty secret is no secret", () => {
  for (const entry of [header, basic, hmac, urlToken]) {
    const scheme = generalSchemes.get(entry.type);
    expect(scheme?.secrets).toHaveLength(1);
    for (const secret of scheme?.secrets ?? []) {
      const { [secret]: _left, ...rest } = entry;
      expect(scheme?.entry.safeParse(rest).success).toBe(true);
      expect(scheme?.entry.safeParse({ ...rest, [secret]: "" }).success).toBe(false);
      expect(scheme?.entry.safeParse({ ...entry, also: 1 }).success).toBe(false);
    }
    expect(scheme?.entry.safeParse(entry).data).toEqual(entry);
  }
});

test("an entry is refused that names a header nobody can send as it is", () => {
  for (const name of ["", "X Key", "X-Key:", "Host", "content-length", "X-K\u00e9y"]) {
    expect(generalSchemes.get("header")?.entry.safeParse({ type: "header", name }).success).toBe(false);
    expect(
      generalSchemes.get("hmac")?.entry.safeParse({ type: "hmac", header: name, encoding: "hex" }).success,
    ).toBe(false);
  }
});

test("a provider's own scheme goes before a general one, and an unknown type has none", () => {
  const own: AuthScheme = { ...headerScheme, generated: false };
  expect(findScheme({ schemes: { header: own } }, "header")).toBe(own);
  expect(findScheme({ schemes: { signed: own } }, "header")).toBe(headerScheme);
  for (const type of ["", "none", "toString", "__proto__", "constructor"]) {
    expect(findScheme({ schemes: {} }, type)).toBeNull();
  }
});

test("no other value passes for the secret of any scheme", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary-ascii" }), async (text) => {
      fc.pre(text !== "right horse");
      const webhook = aWebhook(
        { "x-api-key": text, authorization: `Basic ${text}`, "x-hub-signature-256": `sha256=${text}` },
        `/in/a-source/${encodeURIComponent(text)}`,
      );
      for (const entry of [header, basic, hmac, urlToken]) {
        expect(await verify(entry, webhook)).toBe("refused");
      }
    }),
  );
});
