/**
 * For receivers: checks that a webhook came from your subscription and is fresh, and gives its body back, parsed.
 *
 * Standard Webhooks `v1`. Runs wherever there is WebCrypto: Node 20 and later, browsers, Workers. Verify before you
 * parse, and over the bytes as they came: a body that was parsed and written again has another signature.
 */

export interface WebhookToVerify {
  /** The subscription's `signingSecret`; while you change it, the old and the new one. */
  readonly secret: string | readonly string[];
  /** Of the request, as Node, Express, Hono or `fetch` give them. */
  readonly headers: WebhookHeaders;
  /** The body as it came. */
  readonly body: string | Uint8Array;
  /** How far the clocks may be apart; 5 minutes where left out. */
  readonly toleranceSeconds?: number;
  readonly nowMs?: number;
}

export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export type VerifiedWebhook =
  /** `id` is the same on every attempt: what you have handled already you may acknowledge and forget. */
  | { readonly ok: true; readonly id: string; readonly attempt: number; readonly body: unknown }
  | { readonly ok: false; readonly reason: "headers" | "time" | "signature" | "json" };

const secretPrefix = /^whsec_/;
const toleranceSecondsDefault = 300;

export async function verifyWebhook(webhook: WebhookToVerify): Promise<VerifiedWebhook> {
  const id = readHeader(webhook.headers, "webhook-id");
  const timestamp = readHeader(webhook.headers, "webhook-timestamp");
  const signatures = readHeader(webhook.headers, "webhook-signature");
  if (id === null || timestamp === null || signatures === null || !/^\d{1,12}$/.test(timestamp)) {
    return { ok: false, reason: "headers" };
  }
  const nowSeconds = (webhook.nowMs ?? Date.now()) / 1_000;
  const toleranceSeconds = webhook.toleranceSeconds ?? toleranceSecondsDefault;
  const isFresh = Math.abs(nowSeconds - Number(timestamp)) <= toleranceSeconds;
  if (!isFresh) return { ok: false, reason: "time" };
  const body = typeof webhook.body === "string" ? new TextEncoder().encode(webhook.body) : webhook.body;
  const signed = concatenate(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const secrets = typeof webhook.secret === "string" ? [webhook.secret] : webhook.secret;
  if (!(await isSignedByAny(secrets, signed, signatures))) return { ok: false, reason: "signature" };
  const attempt = Number(readHeader(webhook.headers, "tickline-attempt") ?? 1);
  try {
    return { ok: true, id, attempt, body: JSON.parse(new TextDecoder().decode(body)) };
  } catch {
    return { ok: false, reason: "json" };
  }
}

/** `crypto.subtle.verify` compares in constant time. */
async function isSignedByAny(
  secrets: readonly string[],
  signed: Uint8Array<ArrayBuffer>,
  header: string,
): Promise<boolean> {
  for (const secret of secrets) {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", secretBytes(secret), algorithm, false, ["verify"]);
    for (const entry of header.split(" ")) {
      const signature = entry.startsWith("v1,") ? base64Bytes(entry.slice("v1,".length)) : null;
      const holds = signature !== null && (await crypto.subtle.verify("HMAC", key, signature, signed));
      if (holds) return true;
    }
  }
  return false;
}

function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = base64Bytes(secret.replace(secretPrefix, ""));
  if (bytes !== null && bytes.byteLength > 0) return bytes;
  throw new TypeError("not the signing secret of a subscription");
}

/** Null: not base64. `Uint8Array.fromBase64` is too new for many receivers. */
function base64Bytes(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = characters.charCodeAt(index);
    return bytes;
  } catch {
    return null;
  }
}

function readHeader(headers: WebhookHeaders, name: string): string | null {
  if (typeof headers["get"] === "function") return headers["get"](name);
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value: unknown = Array.isArray(entry?.[1]) ? entry[1][0] : entry?.[1];
  return typeof value === "string" ? value : null;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.byteLength + second.byteLength);
  whole.set(first);
  whole.set(second, first.byteLength);
  return whole;
}
