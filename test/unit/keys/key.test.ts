import fc from "fast-check";
import { expect, test } from "vitest";
import { hashKey, isWellFormedKey, keyRandomBytes, makeKey } from "../../../src/keys/key.ts";
import { base62 } from "../../../src/secrets/base62.ts";

const random = fc.uint8Array({ minLength: keyRandomBytes, maxLength: keyRandomBytes });

test("a key is tk_, 30 characters and the CRC-32 of all before, padded to 6 characters of base62", () => {
  const key = makeKey(new Uint8Array(keyRandomBytes));
  // Both checksums were computed by zlib.
  expect(key).toBe("tk_00000000000000000000000000000020MPzX");
  expect(isWellFormedKey("tk_abcdefghijklmnopqrstuvwxyzABCD4Eq5tl")).toBe(true);
});

test("every made key is well formed, and no key with one other character is", () => {
  fc.assert(
    fc.property(
      random,
      fc.nat(38),
      fc.constantFrom("0", "9", "A", "Z", "a", "z", "_"),
      (bytes, position, character) => {
        const key = makeKey(bytes);
        expect(isWellFormedKey(key)).toBe(true);
        fc.pre(key[position] !== character);
        expect(isWellFormedKey(key.slice(0, position) + character + key.slice(position + 1))).toBe(false);
      },
    ),
  );
});

test("truncated, doubled, padded and foreign texts are no keys", () => {
  const key = makeKey(new Uint8Array(keyRandomBytes).fill(9));
  for (const wrong of ["", "tk_", key.slice(0, -1), key + key, ` ${key}`, `${key}\n`, key.toLowerCase()]) {
    expect(isWellFormedKey(wrong)).toBe(false);
  }
});

test("the hash of a key is its SHA-256 in hex", async () => {
  expect(await hashKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("base62 counts 0-9, A-Z, a-z, and pads on the left", () => {
  expect(base62(new Uint8Array([61]), 2)).toBe("0z");
  expect(base62(new Uint8Array([62]), 2)).toBe("10");
  expect(base62(new Uint8Array([10]), 1)).toBe("A");
  expect(base62(new Uint8Array([0xff, 0xff, 0xff, 0xff]), 6)).toBe("4gfFC3");
});
