/**
 * Plivo's signatures: HMAC-SHA-256, under the auth token, of the URL, a nonce and, from version 3 on, every
 * parameter. Version 2, which Plivo's messaging still sends, does not cover what is told, only to whom; where both
 * come, version 3 decides.
 */
import * as z from "zod/mini";
import { headerOf, hmacBase64, issuedSecret, sameText, vendorScheme, verdictOf } from "../signing.ts";
import type { Webhook } from "../provider.ts";

const entrySchema = z.strictObject({
  type: z.literal("signature"),
  secret: issuedSecret("account's auth token"),
  /** Says that version 2 is not enough. */
  version: z.exactOptional(z.literal("v3")),
});

export const signatureScheme = vendorScheme(entrySchema, "secret", async (webhook, entry) => {
  const v3 = presented(webhook, "v3");
  const isV3 = entry.version === "v3" || v3.signatures !== "" || v3.nonce !== "";
  const { signatures, nonce } = isV3 ? v3 : presented(webhook, "v2");
  const address = webhook.url.split("?", 1)[0] ?? "";
  const signed = isV3 ? `${address}${signedParameters(webhook)}.${nonce}` : `${address}${nonce}`;
  const expected = await hmacBase64(entry.secret, signed);
  // While a token is replaced there is a signature under each.
  const held = signatures.split(",").map((signature) => sameText(expected, signature.trim()));
  return verdictOf(nonce !== "" && held.includes(true));
});

/** Of a subaccount's callback, the second header is the main account's signature. */
function presented(webhook: Webhook, version: "v2" | "v3") {
  const signatures = ["x-plivo-signature-", "x-plivo-signature-ma-"]
    .map((name) => headerOf(webhook, `${name}${version}`))
    .filter((signature) => signature !== "");
  return { signatures: signatures.join(","), nonce: headerOf(webhook, `x-plivo-signature-${version}-nonce`) };
}

/** The query as `?name=value&…`, and after it the form as `.namevalue…`, each sorted and decoded. */
function signedParameters({ method, url, body }: Webhook): string {
  const query = sortedPairs(new URL(url).searchParams).map(([name, value]) => `${name}=${value}`);
  const form = method === "POST" ? sortedPairs(new URLSearchParams(new TextDecoder().decode(body))) : [];
  if (query.length === 0 && form.length === 0) return "";
  const separator = query.length > 0 && form.length > 0 ? "." : "";
  return `?${query.join("&")}${separator}${form.map(([name, value]) => `${name}${value}`).join("")}`;
}

function sortedPairs(parameters: URLSearchParams): [string, string][] {
  return [...parameters].toSorted(
    ([leftName, leftValue], [rightName, rightValue]) =>
      compare(leftName, rightName) || compare(leftValue, rightValue),
  );
}

function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
