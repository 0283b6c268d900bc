/** Telnyx's signature: Ed25519, under the account's key, of the time and the body. */
import * as z from "zod/mini";
import {
  headerOf,
  isRecent,
  joined,
  secondsOf,
  toleranceSecondsField,
  vendorScheme,
  verdictOf,
} from "../signing.ts";

const entrySchema = z.strictObject({
  type: z.literal("ed25519"),
  /** No secret, but like one it comes from the vendor. */
  publicKey: z
    .string({ error: "must be the account's public key" })
    .check(z.refine((text) => bytesOf(text).byteLength === 32, "must be 32 bytes in base64")),
  toleranceSeconds: toleranceSecondsField,
});

export const signatureScheme = vendorScheme(entrySchema, "publicKey", async (webhook, entry, nowMs) => {
  const timestamp = headerOf(webhook, "telnyx-timestamp");
  const signature = bytesOf(headerOf(webhook, "telnyx-signature-ed25519"));
  const held = await isSignature(entry.publicKey, signature, joined(timestamp, "|", webhook.body));
  return verdictOf(held && isRecent(secondsOf(timestamp), nowMs, entry.toleranceSeconds));
});

async function isSignature(
  publicKey: string,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", bytesOf(publicKey), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, message);
  } catch {
    // Thirty-two bytes that are no point of the curve.
    return false;
  }
}

/** Only the one spelling that the bytes have; nothing for what is no base64. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = Uint8Array.fromBase64(text);
    return bytes.toBase64() === text ? bytes : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}
