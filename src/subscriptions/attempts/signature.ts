/** The signature of a delivery: Standard Webhooks `v1`, one for each secret that holds. */

const prefix = "whsec_";
/** Within the 24 to 64 bytes that the specification asks for. */
export const signingSecretBytes = 32;

/** A secret as its owner gets to see it, once. */
export function writeSigningSecret(chance: Uint8Array): string {
  return prefix + chance.toBase64();
}

export async function sign(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: string,
): Promise<string> {
  const signed = new TextEncoder().encode(`${id}.${timestampSeconds}.${body}`);
  const signatures = await Promise.all(secrets.map((secret) => signOnce(secret, signed)));
  return signatures.join(" ");
}

async function signOnce(secret: string, signed: Uint8Array): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    Uint8Array.fromBase64(secret.slice(prefix.length)),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const mac = await crypto.subtle.sign("HMAC", key, signed);
  return `v1,${new Uint8Array(mac).toBase64()}`;
}
