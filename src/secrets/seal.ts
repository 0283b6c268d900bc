/**
 * Secrets at rest: AES-GCM under a key made from `ENCRYPTION_KEY`, with that key's id in front, so that the
 * deployment's key can be changed while what the old one sealed stays readable.
 *
 * A sealed text opens only in the place it was sealed for: `place` (table, row, column) is authenticated with it.
 */
import { deriveBits, deriveSealingKey } from "./derive.ts";

/** The deployment's encryption keys: the first seals, all open. */
export type Keyring = readonly [current: string, ...previous: string[]];

/** Bytes of fresh chance that each sealing needs; never the same twice under one key. */
export const sealingNonceBytes = 12;

const form = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]+)$/;

export function keyringOf(env: { ENCRYPTION_KEY: string; ENCRYPTION_KEY_PREVIOUS?: string }): Keyring {
  const previous = env.ENCRYPTION_KEY_PREVIOUS ?? "";
  return previous === "" ? [env.ENCRYPTION_KEY] : [env.ENCRYPTION_KEY, previous];
}

export async function seal(
  keyring: Keyring,
  place: string,
  clear: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const [current] = keyring;
  const encoder = new TextEncoder();
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: encoder.encode(place) },
    await deriveSealingKey(current),
    encoder.encode(clear),
  );
  const bytes = new Uint8Array(nonce.byteLength + sealed.byteLength);
  bytes.set(nonce);
  bytes.set(new Uint8Array(sealed), nonce.byteLength);
  return `v1.${await keyIdOf(current)}.${bytes.toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** Null: sealed under a key we do not have, for another place, or damaged. */
export async function unseal(keyring: Keyring, place: string, sealed: string): Promise<string | null> {
  const [, keyId, text] = form.exec(sealed) ?? [];
  if (keyId === undefined || text === undefined) return null;
  const secret = await secretOf(keyring, keyId);
  if (secret === null) return null;
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const clear = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: bytes.slice(0, sealingNonceBytes),
        additionalData: new TextEncoder().encode(place),
      },
      await deriveSealingKey(secret),
      bytes.slice(sealingNonceBytes),
    );
    return new TextDecoder().decode(clear);
  } catch {
    return null;
  }
}

/** False where an older key sealed it, which can be dropped only when nothing of its work is left. */
export async function isSealedByCurrent(keyring: Keyring, sealed: string): Promise<boolean> {
  return form.exec(sealed)?.[1] === (await keyIdOf(keyring[0]));
}

async function secretOf(keyring: Keyring, keyId: string): Promise<string | null> {
  for (const secret of keyring) {
    if ((await keyIdOf(secret)) === keyId) return secret;
  }
  return null;
}

/** Names a key without telling anything about it. */
async function keyIdOf(secret: string): Promise<string> {
  return (await deriveBits(secret, "key-id/v1")).slice(0, 8).toHex();
}
