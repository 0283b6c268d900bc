/**
 * Tokens by which vendors sign (JWT, RFC 7519), of the one family that they make: HMAC. Nothing of a token but the
 * name of its hash is looked at before its signature holds.
 */
import type { Json } from "../model/json.ts";
import { parseJson, wordAt } from "./body.ts";
import { type Hash, hmac, joined, sameText } from "./signing.ts";

const hashes: ReadonlyMap<string, Hash> = new Map([
  ["HS256", "SHA-256"],
  ["HS384", "SHA-384"],
  ["HS512", "SHA-512"],
]);

/** The claims of the token; null if its signature does not hold. Times in it are for its user to judge. */
export async function verifiedClaims(token: string, secret: string): Promise<Json> {
  const [header = "", claims = "", signature = "", ...rest] = token.split(".");
  const hash = hashes.get(wordAt(jsonOf(header), "alg") ?? "");
  const expected = await hmac(hash ?? "SHA-256", secret, joined(header, ".", claims));
  const spelled = expected.toBase64({ alphabet: "base64url", omitPadding: true });
  return sameText(spelled, signature) && hash !== undefined && rest.length === 0 ? jsonOf(claims) : null;
}

function jsonOf(text: string): Json {
  try {
    const parsed = parseJson(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}
