/** The providers with signatures of their own, through the front door of the real runtime. */
import { exports } from "cloudflare:workers";
import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { messageSchema } from "../../../src/model/message.ts";
import birdFixtures from "../../fixtures/bird/statuses.json";
import messagebirdFixtures from "../../fixtures/messagebird/reports.json";
import plivoFixtures from "../../fixtures/plivo/statuses.json";
import sinchFixtures from "../../fixtures/sinch/conversation.json";
import telnyxFixtures from "../../fixtures/telnyx/statuses.json";
import twilioFixtures from "../../fixtures/twilio/callbacks.json";
import vonageFixtures from "../../fixtures/vonage/statuses.json";

const rootKey = { Authorization: "Bearer test-root-key-0123456789-abcdefghijklmnop" };
const secret = "a-secret-that-only-the-vendor-has";
const seconds = () => String(Math.floor(Date.now() / 1_000));
const sourceSchema = z.object({ ingestUrl: z.string() });
const requestSchema = z.object({
  json: z.record(z.string(), z.unknown()).optional(),
  form: z.record(z.string(), z.string()).optional(),
  query: z.string().default(""),
});

interface Call {
  readonly url: string;
  readonly body: string;
}

interface Signer {
  readonly provider: string;
  readonly fixtures: readonly { request: object }[];
  readonly entry: object;
  readonly sign: (call: Call) => Promise<Record<string, string>> | Record<string, string>;
  /** The message that the first fixture is about. */
  readonly messageId: string;
}

const keys = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);

const signers: readonly Signer[] = [
  {
    provider: "twilio",
    fixtures: twilioFixtures,
    entry: { type: "signature", secret },
    sign: ({ url, body }) => {
      const parameters = [...new URLSearchParams(body)].map(([name, value]) => `${name}${value}`);
      const signed = url + parameters.toSorted((left, right) => (left < right ? -1 : 1)).join("");
      return { "X-Twilio-Signature": createHmac("sha1", secret).update(signed).digest("base64") };
    },
    messageId: "SM1",
  },
  {
    provider: "vonage",
    fixtures: vonageFixtures,
    entry: { type: "jwt", secret },
    sign: ({ body }) => ({
      Authorization: `Bearer ${token({ iat: Number(seconds()), payload_hash: sha256(body) })}`,
    }),
    messageId: "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
  },
  {
    provider: "sinch",
    fixtures: sinchFixtures,
    entry: { type: "signature", secret },
    sign: ({ body }) => {
      const timestamp = seconds();
      return {
        "x-sinch-webhook-signature": hmac(`${body}.a-nonce.${timestamp}`),
        "x-sinch-webhook-signature-nonce": "a-nonce",
        "x-sinch-webhook-signature-timestamp": timestamp,
        "x-sinch-webhook-signature-algorithm": "HmacSHA256",
      };
    },
    messageId: "01FVAWD1JP5PPB3KEZCBKGN0ES",
  },
  {
    provider: "telnyx",
    fixtures: telnyxFixtures,
    entry: { type: "ed25519", publicKey: await publicKey() },
    sign: async ({ body }) => {
      const timestamp = seconds();
      const bytes = new TextEncoder().encode(`${timestamp}|${body}`);
      const signature = await crypto.subtle.sign("Ed25519", keyPair().privateKey, bytes);
      return {
        "telnyx-timestamp": timestamp,
        "telnyx-signature-ed25519": new Uint8Array(signature).toBase64(),
      };
    },
    messageId: "40385f64-5717-4562-b3fc-2c963f66afa6",
  },
  {
    provider: "plivo",
    fixtures: plivoFixtures,
    entry: { type: "signature", secret },
    sign: ({ url }) => ({
      "X-Plivo-Signature-V2": hmac(`${url}a-nonce`),
      "X-Plivo-Signature-V2-Nonce": "a-nonce",
    }),
    messageId: "p1",
  },
  {
    provider: "messagebird",
    fixtures: messagebirdFixtures,
    entry: { type: "jwt", secret },
    sign: ({ url }) => {
      const now = Number(seconds());
      const claims = { iss: "MessageBird", nbf: now, exp: now + 60, jti: "a", url_hash: sha256(url) };
      return { "MessageBird-Signature-JWT": token(claims) };
    },
    messageId: "efa6405d518d4c0c88cce11f7db775fb~31612345678",
  },
  {
    provider: "bird",
    fixtures: birdFixtures,
    entry: { type: "signature", secret },
    sign: ({ url, body }) => {
      const timestamp = seconds();
      const signed = createHmac("sha256", secret).update(`${timestamp}\n${url}\n`);
      return {
        "messagebird-request-timestamp": timestamp,
        "messagebird-signature": signed.update(createHash("sha256").update(body).digest()).digest("base64"),
      };
    },
    messageId: "96a0b5fa-a986-453d-be5c-3117f989f025",
  },
];

describe.each(signers)("$provider", ({ provider, fixtures, entry, sign, messageId }) => {
  it("is recorded as its vendor signs it, and refused otherwise", async () => {
    const address = await makeSource(provider, entry);
    const { json, form, query } = requestSchema.parse(fixtures[0]?.request);
    const body = json === undefined ? new URLSearchParams(form).toString() : JSON.stringify(json);
    const call = { url: query === "" ? address : `${address}?${query}`, body };
    const headers = await sign(call);

    expect((await send(call, form, { ...headers, ...changedOf(headers) })).status).toBe(401);
    const unsigned = await send(call, form, {});
    expect(unsigned.status).toBe(provider === "vonage" ? 503 : 401);
    const accepted = await send(call, form, headers);
    expect([accepted.status, await accepted.text()]).toEqual([200, '{"status":"ok"}']);
    const path = `http://localhost/v1/messages/signed-${provider}/${encodeURIComponent(messageId)}`;
    const response = await exports.default.fetch(new Request(path, { headers: rootKey }));
    expect(messageSchema.parse(await response.json()).version).toBe(1);
  });

  it("cannot be made without what only the vendor has, or gets it made up", async () => {
    const { secret: _secret, publicKey: _publicKey, ...bare } = { secret: "", publicKey: "", ...entry };
    const response = await createSource(provider, `bare-${provider}`, bare);
    const isChosenByOwner = provider === "sinch" || provider === "bird";
    expect(response.status).toBe(isChosenByOwner ? 201 : 422);
    const member = provider === "telnyx" ? "publicKey" : "secret";
    const text = await response.text();
    expect(text).toContain(isChosenByOwner ? '"secret":"' : `"path":"auth[0].${member}"`);
  });
});

async function makeSource(provider: string, entry: object): Promise<string> {
  const response = await createSource(provider, `signed-${provider}`, entry);
  expect(response.status, await response.clone().text()).toBe(201);
  return sourceSchema.parse(await response.json()).ingestUrl;
}

async function createSource(provider: string, id: string, entry: object): Promise<Response> {
  const body = JSON.stringify({ provider, name: provider, id, auth: [entry] });
  const headers = { ...rootKey, "Content-Type": "application/json" };
  return exports.default.fetch(new Request("http://localhost/v1/sources", { method: "POST", headers, body }));
}

/** Reports in a query come by GET. */
async function send(
  call: Call,
  form: object | undefined,
  headers: Record<string, string>,
): Promise<Response> {
  if (call.url.includes("?")) return exports.default.fetch(new Request(call.url, { headers }));
  const type = form === undefined ? "application/json" : "application/x-www-form-urlencoded";
  const all = { ...headers, "Content-Type": type };
  return exports.default.fetch(new Request(call.url, { method: "POST", headers: all, body: call.body }));
}

/** The last character of the signature is another. */
function changedOf(headers: Record<string, string>): Record<string, string> {
  const [name = "", value = ""] =
    Object.entries(headers).find(([header]) =>
      /signature(-v2|-jwt|-ed25519)?$|^authorization$/i.test(header),
    ) ?? [];
  const at = value.length - 5;
  return { [name]: `${value.slice(0, at)}${value[at] === "A" ? "B" : "A"}${value.slice(at + 1)}` };
}

function keyPair(): CryptoKeyPair {
  if (!("privateKey" in keys)) throw new Error("no pair");
  return keys;
}

async function publicKey(): Promise<string> {
  const raw = await crypto.subtle.exportKey("raw", keyPair().publicKey);
  return new Uint8Array(z.instanceof(ArrayBuffer).parse(raw)).toBase64();
}

function token(claims: object): string {
  const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function encoded(part: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(part));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function hmac(text: string): string {
  return createHmac("sha256", secret).update(text).digest("base64");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
