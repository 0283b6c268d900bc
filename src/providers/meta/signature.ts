/**
 * Meta's signature is the general `hmac` scheme over the app secret, which only Meta can issue. The same entry
 * holds the token of the handshake, which its owner may choose, so that no source is ever left with that alone.
 */
import * as z from "zod/mini";
import { textUpTo } from "../../model/text.ts";
import type { HandshakeAnswer, Webhook } from "../provider.ts";
import { headerNameSchema } from "../scheme-header.ts";
import { hmacScheme } from "../scheme-hmac.ts";
import type { AuthEntry, AuthScheme } from "../scheme.ts";
import { sameText } from "../signing.ts";

const entrySchema = z.strictObject({
  type: z.literal("hmac"),
  header: z._default(headerNameSchema, "X-Hub-Signature-256"),
  encoding: z._default(z.enum(["hex", "base64"]), "hex"),
  prefix: z._default(z.string().check(z.maxLength(100)), "sha256="),
  secret: z
    .string({ error: "must be the app secret, which Meta issues" })
    .check(z.minLength(1), z.maxLength(1_024)),
  verifyToken: z.exactOptional(textUpTo(200)),
});

export const signatureScheme: AuthScheme = {
  entry: entrySchema,
  secrets: ["secret", "verifyToken"],
  generated: true,
  verify: async (webhook, entry, nowMs) => {
    const signature = Object.entries(entry).filter(([member]) => member !== "verifyToken");
    return hmacScheme.verify(webhook, { ...Object.fromEntries(signature), type: entry.type }, nowMs);
  },
};

/** Meta calls once with the token that was typed into its console, and wants its challenge back. */
export function answerHandshake(webhook: Webhook, auth: readonly AuthEntry[]): HandshakeAnswer {
  const query = new URL(webhook.url).searchParams;
  const presented = query.get("hub.verify_token");
  const challenge = query.get("hub.challenge");
  const known = auth.map((entry) => entrySchema.safeParse(entry).data?.verifyToken);
  const accepted =
    query.get("hub.mode") === "subscribe" &&
    presented !== null &&
    challenge !== null &&
    known.some((token) => token !== undefined && sameText(token, presented));
  return { accepted, body: accepted ? challenge : "", contentType: "text/plain" };
}
