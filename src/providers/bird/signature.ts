/** Bird's signature: HMAC-SHA-256, under the key that its owner gave, of the time, the URL and the hash of the body. */
import * as z from "zod/mini";
import {
  headerOf,
  hmacBase64,
  isRecent,
  issuedSecret,
  sameText,
  secondsOf,
  sha256,
  toleranceSecondsField,
  vendorScheme,
  verdictOf,
} from "../signing.ts";
import type { AuthScheme } from "../scheme.ts";

const entrySchema = z.strictObject({
  type: z.literal("signature"),
  secret: issuedSecret("subscription's signing key"),
  toleranceSeconds: toleranceSecondsField,
});

const checked = vendorScheme(entrySchema, "secret", async (webhook, entry, nowMs) => {
  const timestamp = headerOf(webhook, "messagebird-request-timestamp");
  const bodyHash = await sha256(webhook.body);
  const expected = await hmacBase64(entry.secret, `${timestamp}\n${webhook.url}\n`, bodyHash);
  return verdictOf(
    sameText(expected, headerOf(webhook, "messagebird-signature")) &&
      isRecent(secondsOf(timestamp), nowMs, entry.toleranceSeconds),
  );
});

export const signatureScheme: AuthScheme = {
  ...checked,
  entry: z.strictObject({ ...entrySchema.shape, secret: z.exactOptional(entrySchema.shape.secret) }),
  generated: true,
};
