/**
 * Every other secret of the deployment is made from `ENCRYPTION_KEY` by HKDF, with a label for each use, so that
 * no key ever serves two purposes.
 */

/** Labels in use. A new purpose gets a new line, never an old label. */
export type KeyLabel = "seal/v1" | "key-id/v1" | "stream-token/v1" | "idempotency/v1";

/** The AES-GCM key that seals what is stored. */
export async function deriveSealingKey(secret: string): Promise<CryptoKey> {
  const bits = await deriveBits(secret, "seal/v1");
  return crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** An HMAC-SHA-256 key for tokens and fingerprints. */
export async function deriveMacKey(secret: string, label: KeyLabel): Promise<CryptoKey> {
  const bits = await deriveBits(secret, label);
  return crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** 256 bits that tell nothing about the secret, nor about what another label gives. */
export async function deriveBits(secret: string, label: KeyLabel): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const material = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(`tickline/${label}`) },
    material,
    256,
  );
  return new Uint8Array(bits);
}
