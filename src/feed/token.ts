/**
 * Stream tokens: what a browser shows instead of a key. Signed by us, for streams only, valid for an hour at most.
 *
 * The invariant: a token grants no more than its maker had, and nothing in it is believed before its signature.
 */
import * as z from "zod/mini";
import { fail, type Result, succeed } from "../model/result.ts";
import { deriveMacKey } from "../secrets/derive.ts";
import type { Keyring } from "../secrets/seal.ts";
import { type Admission, grantSchema } from "../stream/socket.ts";

const audience = "tickline.stream";
const claimsSchema = z.strictObject({
  aud: z.literal(audience),
  keyId: z.string(),
  /** The secret that its maker showed. Left out in tokens of before. */
  secretId: z._default(z.nullable(z.string()), null),
  sources: z.nullable(z.array(z.string())),
  grant: grantSchema,
  expiresAtMs: z.int(),
});

export type TokenGrant = Omit<z.infer<typeof claimsSchema>, "aud">;
export type TokenFault = "invalid" | "expired";

export async function signStreamToken([secret]: Keyring, grant: TokenGrant): Promise<string> {
  const claims = new TextEncoder().encode(JSON.stringify({ aud: audience, ...grant }));
  const key = await deriveMacKey(secret, "stream-token/v1");
  const signature = await crypto.subtle.sign("HMAC", key, claims);
  return `${toText(claims)}.${toText(new Uint8Array(signature))}`;
}

/** Only characters that a subprotocol may have: letters, digits, `-`, `_` and one dot. */
export async function readStreamToken(
  keyring: Keyring,
  token: string,
  nowMs: number,
): Promise<Result<Admission, TokenFault>> {
  const [, claimsText, signatureText] = /^([\w-]+)\.([\w-]+)$/.exec(token) ?? [];
  if (claimsText === undefined || signatureText === undefined) return fail("invalid");
  const [claims, signature] = [fromText(claimsText), fromText(signatureText)];
  if (claims === null || signature === null) return fail("invalid");
  if (!(await isSigned(keyring, claims, signature))) return fail("invalid");
  const parsed = claimsSchema.safeParse(JSON.parse(new TextDecoder().decode(claims)));
  if (!parsed.success) return fail("invalid");
  const { aud: _aud, ...grant } = parsed.data;
  return grant.expiresAtMs <= nowMs ? fail("expired") : succeed(grant);
}

async function isSigned(
  keyring: Keyring,
  claims: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  for (const secret of keyring) {
    const key = await deriveMacKey(secret, "stream-token/v1");
    if (await crypto.subtle.verify("HMAC", key, signature, claims)) return true;
  }
  return false;
}

function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

function fromText(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return null;
  }
}
