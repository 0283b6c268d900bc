/** Comparison of secrets: takes the same time wherever they differ, and whatever their lengths. */

/** Both sides are hashed first, so neither length nor a common beginning shows in the time. */
export async function sameSecret(left: string, right: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const [leftDigest, rightDigest] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(left)),
    crypto.subtle.digest("SHA-256", encoder.encode(right)),
  ]);
  return sameBytes(new Uint8Array(leftDigest), new Uint8Array(rightDigest));
}

/** For digests and signatures, whose length is no secret. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.byteLength !== right.byteLength) return false;
  let difference = 0;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}
