/**
 * The text of an API key: `tk_`, 30 characters of chance, and 6 of a checksum over all before, so that a mistyped
 * key is refused without a look at the database.
 */
import { secretIdCharacters } from "../model/access.ts";
import { base62 } from "../secrets/base62.ts";

/** Bytes of fresh chance that a key needs: far more than its 30 characters hold, so that none is likelier. */
export const keyRandomBytes = 32;

const form = /^tk_[0-9A-Za-z]{30}[0-9A-Za-z]{6}$/;
const checksumCharacters = 6;

export function makeKey(random: Uint8Array): string {
  const body = `tk_${base62(random, 30)}`;
  return body + checksumOf(body);
}

export function isWellFormedKey(text: string): boolean {
  if (!form.test(text)) return false;
  return checksumOf(text.slice(0, -checksumCharacters)) === text.slice(-checksumCharacters);
}

/** All that is stored of a key. A plain hash is enough: nobody guesses 178 bits. */
export async function hashKey(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return new Uint8Array(digest).toHex();
}

/** Tells the secrets of one key apart. */
export function secretIdOf(hash: string): string {
  return hash.slice(0, secretIdCharacters);
}

function checksumOf(text: string): string {
  const checksum = new Uint8Array(4);
  new DataView(checksum.buffer).setUint32(0, crc32(new TextEncoder().encode(text)));
  return base62(checksum, checksumCharacters);
}

/** CRC-32 as zip and PNG use it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
