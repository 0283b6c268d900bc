import fc from "fast-check";
import { expect, test } from "vitest";
import { sameBytes, sameSecret } from "../../../src/secrets/compare.ts";

test("secrets are the same exactly if they are equal", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), async (left, right) => {
      expect(await sameSecret(left, left)).toBe(true);
      expect(await sameSecret(left, right)).toBe(left === right);
    }),
  );
});

test("a beginning, a doubling and the empty text are not the secret", async () => {
  for (const wrong of ["", "secre", "secretsecret", "secret "]) {
    expect(await sameSecret(wrong, "secret")).toBe(false);
  }
});

test("bytes are the same exactly if each one is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, position) => {
      const changed = bytes.slice();
      const index = position % bytes.length;
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(sameBytes(bytes, bytes.slice())).toBe(true);
      expect(sameBytes(bytes, changed)).toBe(false);
      expect(sameBytes(bytes, bytes.slice(1))).toBe(false);
    }),
  );
});
