/**
 * Tokens by which vendors sign (JWT, RFC 7519), of the one kind that they make: HS256. Nothing of a token is looked
 * at before its signature holds.
 */
import type { Json } from "../model/json.ts";
import { parseJson, wordAt } from "./body.ts";
import { hmac, joined, sameText } from "./signing.ts";

/** The claims of the token; null if its signature does not hold. Times in it are for its user to judge. */
export async function verifiedClaims(token: string, secret: string): Promise<Json> {
  const [header = "", claims = "", signature = "", ...rest] = token.split(".");
  const expected = await hmac("SHA-256", secret, joined(header, ".", claims));
  const spelled = expected.toBase64({ alphabet: "base64url", omitPadding: true });
  if (!sameText(spelled, signature) || rest.length > 0) return null;
  return wordAt(jsonOf(header), "alg") === "HS256" ? jsonOf(claims) : null;
}

function jsonOf(text: string): Json {
  try {
    const parsed = parseJson(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
    return parsed.ok ? parsed.value : null;
  } catch {
    return null;
  }
}
