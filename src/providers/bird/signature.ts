/** Bird's signature: HMAC-SHA-256, under the key that its owner gave, of the time, the URL and the hash of the body. */
import {
  givenSecretScheme,
  headerOf,
  hmacBase64,
  isRecent,
  sameText,
  secondsOf,
  sha256,
  verdictOf,
} from "../signing.ts";

export const signatureScheme = givenSecretScheme(
  "subscription's signing key",
  async (webhook, entry, nowMs) => {
    const timestamp = headerOf(webhook, "messagebird-request-timestamp");
    const bodyHash = await sha256(webhook.body);
    const expected = await hmacBase64(entry.secret, `${timestamp}\n${webhook.url}\n`, bodyHash);
    return verdictOf(
      sameText(expected, headerOf(webhook, "messagebird-signature")) &&
        isRecent(secondsOf(timestamp), nowMs, entry.toleranceSeconds),
    );
  },
);
