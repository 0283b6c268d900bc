/**
 * Vonage's signature: a token in the Authorization header, made with the signature secret, with the time and the
 * hash of the body. Vonage's own faults now and then leave it out; it then wants to be asked again.
 */
import * as z from "zod/mini";
import { verifiedClaims } from "../jwt.ts";
import {
  headerOf,
  isRecent,
  issuedSecret,
  sameText,
  sha256,
  toleranceSecondsField,
  vendorScheme,
  verdictOf,
} from "../signing.ts";

const entrySchema = z.strictObject({
  type: z.literal("jwt"),
  secret: issuedSecret("account's signature secret"),
  toleranceSeconds: toleranceSecondsField,
});

const claimsSchema = z.object({ iat: z.number(), payload_hash: z.string() });

export const signatureScheme = vendorScheme(entrySchema, "secret", async (webhook, entry, nowMs) => {
  const authorization = headerOf(webhook, "authorization");
  if (authorization === "") return "unsigned";
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1] ?? "";
  const claims = claimsSchema.safeParse(await verifiedClaims(token, entry.secret)).data;
  if (claims === undefined) return "refused";
  const bodyHash = (await sha256(webhook.body)).toHex();
  return verdictOf(
    isRecent(claims.iat, nowMs, entry.toleranceSeconds) && sameText(bodyHash, claims.payload_hash),
  );
});
