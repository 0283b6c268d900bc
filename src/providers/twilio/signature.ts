/**
 * Twilio's signature: HMAC-SHA-1, under the auth token, of the URL that it called and then each parameter of the
 * form, sorted. A JSON body is not in it: its hash stands in the URL instead.
 */
import * as z from "zod/mini";
import {
  headerOf,
  hmac,
  issuedSecret,
  joined,
  sameText,
  sha256,
  vendorScheme,
  verdictOf,
} from "../signing.ts";
import type { Webhook } from "../provider.ts";

const entrySchema = z.strictObject({
  type: z.literal("signature"),
  secret: issuedSecret("account's auth token"),
});

export const signatureScheme = vendorScheme(entrySchema, "secret", async (webhook, { secret }) => {
  const presented = headerOf(webhook, "x-twilio-signature");
  const parameters = await signedParameters(webhook);
  const held = await Promise.all(
    spellings(webhook.url).map(async (url) => {
      const expected = await hmac("SHA-1", secret, joined(url, parameters ?? ""));
      return sameText(expected.toBase64(), presented);
    }),
  );
  return verdictOf(parameters !== null && held.includes(true));
});

/** Null: the body is not the one whose hash is in the URL. */
async function signedParameters({ method, url, body }: Webhook): Promise<string | null> {
  const bodyHash = new URL(url).searchParams.get("bodySHA256");
  if (bodyHash !== null) return sameText((await sha256(body)).toHex(), bodyHash) ? "" : null;
  if (method === "GET") return "";
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(body))) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  return [...values.keys()]
    .toSorted()
    .flatMap((name) => [...(values.get(name) ?? [])].toSorted().map((value) => `${name}${value}`))
    .join("");
}

/** Twilio does not say whether it signs the port, so either will do: it is the same place. */
function spellings(url: string): string[] {
  const { protocol, port, hostname } = new URL(url);
  const rest = url.slice(new URL(url).origin.length);
  const standardPort = protocol === "https:" ? "443" : "80";
  return [`${protocol}//${hostname}${rest}`, `${protocol}//${hostname}:${port || standardPort}${rest}`];
}
