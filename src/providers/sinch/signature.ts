/**
 * Sinch's signature: HMAC-SHA-256, under the secret that its owner gave to the webhook, of the body, a nonce and the
 * time. The nonces are not remembered: inside the window a repeat tells the same event, and changes nothing.
 */
import {
  givenSecretScheme,
  headerOf,
  hmacBase64,
  isRecent,
  sameText,
  secondsOf,
  verdictOf,
} from "../signing.ts";

export const signatureScheme = givenSecretScheme("webhook's secret", async (webhook, entry, nowMs) => {
  const nonce = headerOf(webhook, "x-sinch-webhook-signature-nonce");
  const timestamp = headerOf(webhook, "x-sinch-webhook-signature-timestamp");
  const algorithm = headerOf(webhook, "x-sinch-webhook-signature-algorithm");
  const expected = await hmacBase64(entry.secret, webhook.body, `.${nonce}.${timestamp}`);
  return verdictOf(
    sameText(expected, headerOf(webhook, "x-sinch-webhook-signature")) &&
      nonce !== "" &&
      algorithm === "HmacSHA256" &&
      isRecent(secondsOf(timestamp), nowMs, entry.toleranceSeconds),
  );
});
