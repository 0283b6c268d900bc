/**
 * What the vendors' own signature schemes are made of. A signature is compared as the text in which it came, in
 * constant time, so that no second spelling of it passes; an entry that is not whole refuses everything.
 */
import * as z from "zod/mini";
import { sameBytes } from "../secrets/compare.ts";
import type { Webhook } from "./provider.ts";
import type { AuthEntry, AuthScheme, Verdict } from "./scheme.ts";

/** How far a signed time may lie from ours, in both directions, where its vendor names no number. */
const TOLERANCE_SECONDS = 300;

/** A scheme over something that only the vendor can issue, which is the entry's member `issued`. */
export function vendorScheme<Entry extends AuthEntry>(
  entry: z.ZodMiniType<Entry>,
  issued: keyof Entry & string,
  judge: (webhook: Webhook, entry: Entry, nowMs: number) => Promise<Verdict>,
): AuthScheme {
  return {
    entry,
    secrets: [issued],
    generated: false,
    verify: async (webhook, given, nowMs) => {
      const parsed = entry.safeParse(given);
      return parsed.success ? judge(webhook, parsed.data, nowMs) : "refused";
    },
  };
}

/**
 * A scheme over a secret that its owner gave to the vendor, and that is made here where the owner has none yet. `what`
 * is the vendor's name for it.
 */
export function givenSecretScheme(
  what: string,
  judge: (webhook: Webhook, entry: GivenSecret, nowMs: number) => Promise<Verdict>,
): AuthScheme {
  const entry = z.strictObject({
    type: z.literal("signature"),
    secret: issuedSecret(what),
    toleranceSeconds: toleranceSecondsField,
  });
  return {
    ...vendorScheme(entry, "secret", judge),
    entry: z.strictObject({ ...entry.shape, secret: z.exactOptional(entry.shape.secret) }),
    generated: true,
  };
}

interface GivenSecret {
  readonly secret: string;
  readonly toleranceSeconds: number;
}

/** The member that holds the vendor's secret; `what` is the vendor's name for it. */
export function issuedSecret(what: string) {
  return z.string({ error: `must be the ${what}` }).check(z.minLength(1), z.maxLength(1_024));
}

export const toleranceSecondsField = z._default(
  z.int().check(z.minimum(1), z.maximum(86_400)),
  TOLERANCE_SECONDS,
);

export function verdictOf(holds: boolean): Verdict {
  return holds ? "verified" : "refused";
}

export type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export async function hmac(
  hash: Hash,
  secret: string,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

/** HMAC-SHA-256 in base64, as most of them sign. */
export async function hmacBase64(
  secret: string,
  ...parts: readonly (string | Uint8Array)[]
): Promise<string> {
  return (await hmac("SHA-256", secret, joined(...parts))).toBase64();
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/** Texts are joined as UTF-8. */
export function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}

export function sameText(left: string, right: string): boolean {
  return sameBytes(utf8(left), utf8(right));
}

/** The number that a text of digits is; NaN, which is near no time, for everything else. */
export function secondsOf(text: string): number {
  return Number(/^\d{1,12}$/.exec(text)?.[0]);
}

/** Whether a signed time is now. */
export function isRecent(seconds: number, nowMs: number, toleranceSeconds: number): boolean {
  return Math.abs(nowMs - seconds * 1_000) <= toleranceSeconds * 1_000;
}

/** The header, or "" where it is missing, which equals no signature. */
export function headerOf(webhook: Webhook, name: string): string {
  return webhook.headers.get(name) ?? "";
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
