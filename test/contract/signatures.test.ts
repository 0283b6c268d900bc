/** What every signature scheme keeps: it takes what the vendor signs, and nothing else. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import * as z from "zod";
import { findProvider } from "../../src/providers/index.ts";
import type { Webhook } from "../../src/providers/provider.ts";
import { findScheme } from "../../src/providers/schemes.ts";
import type { AuthEntry, Verdict } from "../../src/providers/scheme.ts";
import { signedWebhooks } from "../support/signed.ts";
import type { Signed } from "../support/signedSample.ts";

/** None of them changes what kind of URL it is. */
const urlCharacters = Array.from("abcdefghijklmnopqrstuvwxyz0123456789-_/");

const samples = await signedWebhooks();

describe.each(samples)("$name", (signed) => {
  const { webhook, entry } = signed;

  it("is verified, and the vendor's own library agrees", async () => {
    expect(await judge(signed, webhook)).toBe("verified");
    if (signed.vendorAccepts !== null) expect(await signed.vendorAccepts(webhook)).toBe(true);
  });

  it("is refused after any change of one byte of a header", async () => {
    for (const name of signed.headers) {
      const header = webhook.headers.get(name) ?? "";
      // Hexadecimal digits mean the same in both cases.
      const isSame = (text: string) => isHex(entry) && text.toLowerCase() === header.toLowerCase();
      for (const changed of nearTexts(header).filter((text) => !isSame(text))) {
        expect(await judgeHeader(signed, name, changed), changed).toBe("refused");
      }
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.integer({ min: 33, max: 126 }), async (at, byte) => {
          const changed = replacedAt(header, at, String.fromCharCode(byte));
          fc.pre(changed !== header && !isSame(changed));
          expect(await judgeHeader(signed, name, changed)).toBe("refused");
        }),
      );
    }
  });

  it("is not verified without any one of its headers", async () => {
    for (const name of signed.headers) {
      const headers = new Map([...webhook.headers].filter(([other]) => other !== name));
      expect(await judge(signed, { ...webhook, headers }), name).not.toBe("verified");
    }
  });

  it("is refused under another secret, or none", async () => {
    const [member = ""] = Object.keys(entry).filter((name) => name === "secret" || name === "publicKey");
    const other = member === "publicKey" ? new Uint8Array(32).fill(9).toBase64() : "another-secret";
    const { [member]: _left, ...rest } = entry;
    for (const wrong of [
      { ...rest, [member]: other },
      rest,
      { ...rest, [member]: "" },
      { ...entry, also: 1 },
    ]) {
      expect(await judge(signed, webhook, { ...wrong, type: entry.type })).toBe("refused");
    }
  });

  it("never throws, whatever the headers and the body are", async () => {
    const headers = fc.dictionary(fc.constantFrom(...signed.headers), fc.string({ unit: "binary" }));
    await fc.assert(
      fc.asyncProperty(headers, fc.uint8Array(), async (values, body) => {
        const presented = { ...webhook, headers: new Map(Object.entries(values)), body };
        expect(await judge(signed, presented)).not.toBe("verified");
      }),
    );
  });
});

test.each(samples.filter(({ covers }) => covers.includes("body")))(
  "$name is refused after any change of one byte of the body",
  async (signed) => {
    const { webhook } = signed;
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
        const body = new Uint8Array(webhook.body);
        const index = at % Math.max(body.byteLength, 1);
        const changed = body.byteLength === 0 ? new Uint8Array([byte]) : body.with(index, byte);
        fc.pre(!sameMeaning(signed, changed));
        expect(await judge(signed, { ...webhook, body: changed })).toBe("refused");
      }),
      { numRuns: 500 },
    );
  },
);

test.each(samples.filter(({ covers }) => covers.includes("url")))(
  "$name is refused after any change of one byte of the URL",
  async (signed) => {
    const { webhook } = signed;
    const characters = fc.constantFrom(...urlCharacters);
    await fc.assert(
      fc.asyncProperty(fc.nat(), characters, async (at, character) => {
        const start = "https://t".length;
        const url = `${webhook.url.slice(0, start)}${replacedAt(webhook.url.slice(start), at, character)}`;
        fc.pre(url !== webhook.url && URL.canParse(url) && new URL(url).href === url);
        expect(await judge(signed, { ...webhook, url })).toBe("refused");
      }),
      { numRuns: 500 },
    );
  },
);

test.each(samples.filter(({ holdsSeconds }) => holdsSeconds !== null))(
  "$name holds for its time, to the second",
  async (signed) => {
    const { webhook, entry, signedAtMs } = signed;
    const [before, after] = signed.holdsSeconds ?? [0, 0];
    for (const offset of [-before, 0, after]) {
      expect(await judge(signed, webhook, entry, signedAtMs + offset * 1_000), String(offset)).toBe(
        "verified",
      );
    }
    for (const offset of [-before - 1, after + 1, -86_400, 86_400, 1e9]) {
      expect(await judge(signed, webhook, entry, signedAtMs + offset * 1_000), String(offset)).toBe(
        "refused",
      );
    }
  },
);

describe("Twilio", () => {
  const [form] = samplesOf("twilio");

  it("signs a parameter that comes twice once for each value", async () => {
    const { getExpectedTwilioSignature } = await import("twilio/lib/webhooks/webhooks.js");
    const body = "MediaUrl=b&MediaUrl=a&MediaUrl=b&To=1";
    const signature = getExpectedTwilioSignature(secretOf(form), form.webhook.url, {
      MediaUrl: ["b", "a", "b"],
      To: "1",
    });
    const headers = new Map([["x-twilio-signature", signature]]);
    const webhook = { ...form.webhook, headers, body: new TextEncoder().encode(body) };
    expect(await judge(form, webhook)).toBe("verified");
  });

  it("is verified behind a port of its own, which Twilio may leave out", async () => {
    const { getExpectedTwilioSignature } = await import("twilio/lib/webhooks/webhooks.js");
    const url = "http://tickline.example:8787/in/a-source/token?x=1";
    for (const signedUrl of [url, url.replace(":8787", "")]) {
      const signature = getExpectedTwilioSignature(secretOf(form), signedUrl, { To: "1" });
      const headers = new Map([["x-twilio-signature", signature]]);
      const webhook = { ...form.webhook, url, headers, body: new TextEncoder().encode("To=1") };
      expect(await judge(form, webhook), signedUrl).toBe("verified");
    }
  });
});

describe("Vonage", () => {
  const [signed] = samplesOf("vonage");

  it("is asked again where it did not sign, and refused where it signed wrongly", async () => {
    expect(await judge(signed, { ...signed.webhook, headers: new Map() })).toBe("unsigned");
    for (const authorization of ["Basic dGlja2xpbmU6cHc=", "Bearer", "Bearer x", "Bearer a.b.c"]) {
      const webhook = { ...signed.webhook, headers: new Map([["authorization", authorization]]) };
      expect(await judge(signed, webhook), authorization).toBe("refused");
    }
  });

  it("may be given longer", async () => {
    const patient = { ...signed.entry, toleranceSeconds: 3_600 };
    expect(await judge(signed, signed.webhook, patient, signed.signedAtMs + 3_600_000)).toBe("verified");
    expect(await judge(signed, signed.webhook, patient, signed.signedAtMs + 3_601_000)).toBe("refused");
  });

  it("is refused with a token that says it needs no signature, or another kind", async () => {
    const [, claims = ""] = (signed.webhook.headers.get("authorization") ?? "").split(".");
    for (const alg of ["none", "HS512", "RS256"]) {
      const header = new TextEncoder().encode(JSON.stringify({ alg })).toBase64({ alphabet: "base64url" });
      for (const signature of ["", "x"]) {
        const headers = new Map([["authorization", `Bearer ${header}.${claims}.${signature}`]]);
        expect(await judge(signed, { ...signed.webhook, headers })).toBe("refused");
      }
    }
  });
});

describe("Plivo", () => {
  const [v2, v3] = samplesOf("plivo");

  it("is judged by version 3 where both versions come", async () => {
    const both = new Map([...v2.webhook.headers, ...(v3?.webhook.headers ?? [])]);
    const webhook = { ...v2.webhook, headers: both };
    expect(await judge(v2, webhook)).toBe("verified");
    const other = new TextEncoder().encode("Status=failed&MessageUUID=p1&To=14155551234&Units=1");
    expect(await judge(v2, { ...webhook, body: other })).toBe("refused");
  });

  it("is refused with version 2 alone where its owner asks for version 3", async () => {
    const strict = { ...v2.entry, version: "v3" };
    expect(await judge(v2, v2.webhook, strict)).toBe("refused");
    expect(await judge(v2, v3?.webhook ?? v2.webhook, strict)).toBe("verified");
  });

  it("is verified by the main account's signature, and by one of several", async () => {
    const signature = v2.webhook.headers.get("x-plivo-signature-v2") ?? "";
    const nonce = v2.webhook.headers.get("x-plivo-signature-v2-nonce") ?? "";
    const others: [string, string][] = [
      ["x-plivo-signature-ma-v2", signature],
      ["x-plivo-signature-v2", `AAAA,${signature}`],
      ["x-plivo-signature-v2", `${signature}, AAAA`],
    ];
    for (const header of others) {
      const headers = new Map([header, ["x-plivo-signature-v2-nonce", nonce]]);
      expect(await judge(v2, { ...v2.webhook, headers }), header.join(": ")).toBe("verified");
    }
  });
});

/** In its own package: tokens for several methods, right and wrong, each with its time. */
const vectorsSchema = z.array(
  z.object({
    name: z.string(),
    method: z.string(),
    secret: z.string().optional(),
    url: z.string(),
    payload: z.string().optional(),
    timestamp: z.string(),
    token: z.string(),
    valid: z.boolean(),
  }),
);
const vectorsPath = createRequire(import.meta.url).resolve(
  "messagebird/lib/testdata/webhook-signature-jwt-reference.json",
);
const vectors = vectorsSchema.parse(JSON.parse(readFileSync(vectorsPath, "utf8")));

test.each(vectors)("MessageBird's own vector: $name ($valid)", async (vector) => {
  const webhook: Webhook = {
    method: vector.method === "GET" ? "GET" : "POST",
    url: vector.url,
    headers: new Map([["messagebird-signature-jwt", vector.token]]),
    body: new TextEncoder().encode(vector.payload ?? ""),
  };
  const [signed] = samplesOf("messagebird");
  const entry = { type: "jwt", secret: vector.secret ?? "another-secret" };
  const verdict = await judge(signed, webhook, entry, Date.parse(vector.timestamp));
  expect(verdict).toBe(vector.valid ? "verified" : "refused");
});

async function judge(
  { provider, entry: own, signedAtMs }: Signed,
  webhook: Webhook,
  entry: AuthEntry = own,
  nowMs = signedAtMs,
): Promise<Verdict | undefined> {
  return findScheme(findProvider(provider) ?? {}, entry.type)?.verify(webhook, entry, nowMs);
}

async function judgeHeader(signed: Signed, name: string, value: string): Promise<Verdict | undefined> {
  const { webhook } = signed;
  return judge(signed, { ...webhook, headers: new Map([...webhook.headers, [name, value]]) });
}

function samplesOf(provider: string): [Signed, ...Signed[]] {
  const [first, ...rest] = samples.filter((signed) => signed.provider === provider);
  if (first === undefined) throw new Error(`no sample of ${provider}`);
  return [first, ...rest];
}

function secretOf({ entry }: Signed): string {
  return z.string().parse(entry["secret"]);
}

function replacedAt(text: string, at: number, character: string): string {
  const index = at % Math.max(text.length, 1);
  return `${text.slice(0, index)}${character}${text.slice(index + 1)}`;
}

/** Each character in turn replaced by the next one, which is also next in base64, and by its other case. */
function nearTexts(text: string): string[] {
  return Array.from(text, (character) => character.charCodeAt(0)).flatMap((code, at) =>
    [code + 1, code ^ 32].map((other) => replacedAt(text, at, String.fromCharCode(other))),
  );
}

function isHex(entry: AuthEntry): boolean {
  return entry["encoding"] === "hex";
}

/** The schemes over forms sign the parameters, not their spelling: `%2b` is `%2B`. */
function sameMeaning({ provider, webhook }: Signed, changed: Uint8Array): boolean {
  const isForm = /^(twilio|plivo)$/.test(provider) && !webhook.url.includes("bodySHA256");
  const meaning = (body: Uint8Array) => {
    const text = new TextDecoder().decode(body);
    const parameters = new URLSearchParams(text);
    parameters.sort();
    return isForm ? JSON.stringify([...parameters]) : body.join();
  };
  return meaning(changed) === meaning(webhook.body);
}
