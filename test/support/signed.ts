/**
 * Webhooks as each vendor signs them, made without any of the code that checks them; and beside each, where the
 * vendor publishes a library, that library's own verdict on it.
 */
import { createHmac, createSecretKey, generateKeyPairSync, sign } from "node:crypto";
import { ConversationCallbackWebhooks } from "@sinch/sdk-core";
import { verifySignature } from "@vonage/jwt";
import { SignJWT } from "jose";
import { verify as verifyMessageBird, type VerifyOptions } from "messagebird/lib/webhook-signature-jwt";
import { TelnyxWebhook } from "telnyx/lib/webhooks";
import type { Webhook } from "../../src/providers/provider.ts";
import { plivo, twilio } from "./signedForms.ts";
import {
  form,
  hmac,
  json,
  post,
  publicUrl,
  seconds,
  secret,
  sha256,
  type Signed,
  signedAtMs,
  textOf,
  timeless,
} from "./signedSample.ts";

const secretBytes = new TextEncoder().encode(secret);
const keys = generateKeyPairSync("ed25519");
const publicKey = keys.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");

export async function signedWebhooks(): Promise<Signed[]> {
  return [
    meta(),
    plainHmac(),
    ...twilio(),
    await vonage(),
    sinch(),
    telnyx(),
    ...plivo(),
    ...(await messagebird()),
    bird(),
  ];
}

function meta(): Signed {
  const headers = { "x-hub-signature-256": `sha256=${hmac(json, "hex")}` };
  const entry = { type: "hmac", header: "X-Hub-Signature-256", encoding: "hex", prefix: "sha256=", secret };
  return { ...timeless("meta", "meta", entry, post(json, headers)), covers: ["body"] };
}

function plainHmac(): Signed {
  const headers = { "x-signature": hmac(json, "base64") };
  const entry = { type: "hmac", header: "X-Signature", encoding: "base64", secret };
  return { ...timeless("an HMAC in base64", "infobip", entry, post(json, headers)), covers: ["body"] };
}

async function vonage(): Promise<Signed> {
  const claims = { jti: "c5ba8f24", api_key: "a1b2c3d", payload_hash: sha256(json) };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer("Vonage")
    .setIssuedAt(signedAtMs / 1_000)
    .sign(secretBytes);
  const webhook = post(json, { authorization: `Bearer ${token}` });
  return {
    ...timeless("Vonage", "vonage", { type: "jwt", secret }, webhook),
    covers: ["body"],
    holdsSeconds: [300, 300],
    // It looks at the token alone.
    vendorAccepts: ({ headers }) =>
      verifySignature((headers.get("authorization") ?? "").slice("Bearer ".length), secret),
  };
}

function sinch(): Signed {
  const nonce = "01FJA8B4A7BM43YGWSG9GBV067";
  const webhook = post(json, {
    "x-sinch-webhook-signature": hmac(`${json}.${nonce}.${seconds}`, "base64"),
    "x-sinch-webhook-signature-nonce": nonce,
    "x-sinch-webhook-signature-timestamp": seconds,
    "x-sinch-webhook-signature-algorithm": "HmacSHA256",
  });
  const library = new ConversationCallbackWebhooks(secret);
  return {
    ...timeless("Sinch", "sinch", { type: "signature", secret }, webhook),
    covers: ["body"],
    holdsSeconds: [300, 300],
    vendorAccepts: ({ headers, ...rest }) =>
      library.validateAuthenticationHeader(
        Object.fromEntries(headers),
        textOf({ headers, ...rest }),
        "",
        "POST",
      ),
  };
}

function telnyx(): Signed {
  const signature = sign(null, new TextEncoder().encode(`${seconds}|${json}`), keys.privateKey).toString(
    "base64",
  );
  const webhook = post(json, { "telnyx-signature-ed25519": signature, "telnyx-timestamp": seconds });
  const library = new TelnyxWebhook(publicKey);
  return {
    ...timeless("Telnyx", "telnyx", { type: "ed25519", publicKey }, webhook),
    covers: ["body"],
    holdsSeconds: [300, 300],
    vendorAccepts: async (seen) =>
      library.verify(textOf(seen), Object.fromEntries(seen.headers)).then(
        () => true,
        () => false,
      ),
  };
}

async function messagebird(): Promise<Signed[]> {
  const getUrl = `${publicUrl}?id=m1&recipient=31612345678&status=delivered`;
  const got: Webhook = { ...post("", await messageBirdHeader(getUrl, null)), method: "GET", url: getUrl };
  const posted = post(form, await messageBirdHeader(publicUrl, form));
  const entry = { type: "jwt", secret };
  return [
    {
      ...timeless("MessageBird by GET", "messagebird", entry, got),
      holdsSeconds: [5, 64],
      vendorAccepts: messageBirdAccepts,
    },
    {
      ...timeless("MessageBird by POST", "messagebird", entry, posted),
      holdsSeconds: [5, 64],
      vendorAccepts: messageBirdAccepts,
    },
  ];
}

async function messageBirdHeader(url: string, body: string | null): Promise<Record<string, string>> {
  const hashes = { url_hash: sha256(url), ...(body === null ? {} : { payload_hash: sha256(body) }) };
  const token = await new SignJWT(hashes)
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer("MessageBird")
    .setJti("59a244dc-e9ad-4e23-9778-371faa238f72")
    .setNotBefore(signedAtMs / 1_000)
    .setExpirationTime(signedAtMs / 1_000 + 60)
    .sign(secretBytes);
  return { "messagebird-signature-jwt": token };
}

/** There is no library of Bird's: after the recipe of its documentation. */
function bird(): Signed {
  const webhook = post(json, {
    "messagebird-signature": createHmac("sha256", secret)
      .update(`${seconds}\n${publicUrl}\n`)
      .update(Uint8Array.fromHex(sha256(json)))
      .digest("base64"),
    "messagebird-request-timestamp": seconds,
  });
  return {
    ...timeless("Bird", "bird", { type: "signature", secret }, webhook),
    holdsSeconds: [300, 300],
  };
}

async function messageBirdAccepts({ url, body, headers }: Webhook): Promise<boolean> {
  const options: VerifyOptions = {
    validateUrl: true,
    validatePayload: true,
    jwtVerifyOptions: {
      issuer: "MessageBird",
      algorithms: ["HS256"],
      clockTolerance: 5,
      currentDate: new Date(signedAtMs),
    },
    jwtVerifyJti: () => true,
  };
  const token = headers.get("messagebird-signature-jwt") ?? "";
  const key = createSecretKey(secretBytes);
  return verifyMessageBird(url, body.byteLength === 0 ? null : body, token, key, options).then(
    () => true,
    () => false,
  );
}
