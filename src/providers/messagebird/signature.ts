/**
 * MessageBird's signature: a token, made with the signing key, with the hashes of the URL and of the body (none for
 * an empty one), and the minute in which it holds.
 */
import * as z from "zod/mini";
import { verifiedClaims } from "../jwt.ts";
import { headerOf, issuedSecret, joined, sameText, sha256, vendorScheme, verdictOf } from "../signing.ts";

/** What MessageBird's own library allows for clocks that differ. */
const LEEWAY_SECONDS = 5;

const entrySchema = z.strictObject({ type: z.literal("jwt"), secret: issuedSecret("account's signing key") });

const claimsSchema = z.object({
  iss: z.literal("MessageBird"),
  nbf: z.number(),
  exp: z.number(),
  jti: z.string().check(z.minLength(1)),
  url_hash: z.string(),
  payload_hash: z.optional(z.string()),
});

export const signatureScheme = vendorScheme(entrySchema, "secret", async (webhook, { secret }, nowMs) => {
  const token = headerOf(webhook, "messagebird-signature-jwt");
  const claims = claimsSchema.safeParse(await verifiedClaims(token, secret)).data;
  if (claims === undefined) return "refused";
  const urlHash = (await sha256(joined(webhook.url))).toHex();
  const bodyHash = (await sha256(webhook.body)).toHex();
  const signedBodyHash = claims.payload_hash ?? (webhook.body.byteLength === 0 ? bodyHash : "");
  const nowSeconds = nowMs / 1_000;
  return verdictOf(
    sameText(urlHash, claims.url_hash) &&
      sameText(bodyHash, signedBodyHash) &&
      claims.nbf - LEEWAY_SECONDS <= nowSeconds &&
      nowSeconds < claims.exp + LEEWAY_SECONDS,
  );
});
