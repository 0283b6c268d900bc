/** The `hmac` scheme: HMAC-SHA-256 of the raw body, in a header, as hex or base64, with or without a prefix. */
import * as z from "zod/mini";
import { textUpTo } from "../model/text.ts";
import { headerNameSchema } from "./scheme-header.ts";
import type { AuthScheme } from "./scheme.ts";

const completeSchema = z.strictObject({
  type: z.literal("hmac"),
  header: headerNameSchema,
  encoding: z.enum(["hex", "base64"]),
  /** Stands before the signature, like `sha256=`. */
  prefix: z.exactOptional(z.string().check(z.maxLength(100))),
  secret: textUpTo(1_024),
});

export const hmacScheme: AuthScheme = {
  entry: z.strictObject({ ...completeSchema.shape, secret: z.exactOptional(completeSchema.shape.secret) }),
  secrets: ["secret"],
  generated: true,
  verify: async (webhook, entry) => {
    const expected = completeSchema.safeParse(entry);
    if (!expected.success) return "refused";
    const { header, prefix = "", encoding, secret } = expected.data;
    const presented = webhook.headers.get(header.toLowerCase()) ?? "";
    const signature = presented.startsWith(prefix)
      ? decode(presented.slice(prefix.length), encoding)
      : noSignature;
    const key = await crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["verify"],
    );
    // The platform compares in constant time, and refuses a signature of another length.
    const held = await crypto.subtle.verify("HMAC", key, signature, new Uint8Array(webhook.body));
    return held ? "verified" : "refused";
  },
};

/** Also checked, so that a missing signature takes as long as a wrong one. */
const noSignature = new Uint8Array();

function decode(text: string, encoding: "hex" | "base64"): Uint8Array<ArrayBuffer> {
  try {
    return encoding === "hex"
      ? Uint8Array.fromHex(text)
      : // Strict, or the last character would have several spellings.
        Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return noSignature;
  }
}
