import fc from "fast-check";
import { expect, test } from "vitest";
import { isSealedByCurrent, type Keyring, keyringOf, seal, unseal } from "../../../src/secrets/seal.ts";

const keyring: Keyring = ["a".repeat(32)];
const nonce = new Uint8Array(12).fill(7);

test("what is sealed opens again, in its place", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.string(), async (clear, place) => {
      const sealed = await seal(keyring, place, clear.toWellFormed(), nonce);
      expect(await unseal(keyring, place, sealed)).toBe(clear.toWellFormed());
    }),
    { numRuns: 50 },
  );
});

test("a sealed text moved to another row does not open", async () => {
  const sealed = await seal(keyring, "sources/one", "secret", nonce);
  expect(await unseal(keyring, "sources/two", sealed)).toBeNull();
});

test("after the key was changed, what the previous one sealed still opens", async () => {
  const sealed = await seal(keyring, "p", "secret", nonce);
  expect(await unseal(["b".repeat(32), "a".repeat(32)], "p", sealed)).toBe("secret");
  expect(await unseal(["b".repeat(32)], "p", sealed)).toBeNull();
});

test("what an older key sealed is told from what the current one did", async () => {
  const sealed = await seal(keyring, "p", "secret", nonce);
  expect(await isSealedByCurrent(keyring, sealed)).toBe(true);
  expect(await isSealedByCurrent(["b".repeat(32), ...keyring], sealed)).toBe(false);
});

test("the current key seals", async () => {
  const sealed = await seal(["b".repeat(32), "a".repeat(32)], "p", "secret", nonce);
  expect(await unseal(["b".repeat(32)], "p", sealed)).toBe("secret");
});

test("any change to a sealed text keeps it shut", async () => {
  const sealed = await seal(keyring, "p", "secret", nonce);
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 2), async (index) => {
      const other = sealed[index] === "A" ? "B" : "A";
      const damaged = sealed.slice(0, index) + other + sealed.slice(index + 1);
      expect(await unseal(keyring, "p", damaged)).toBeNull();
    }),
    { numRuns: 60 },
  );
  for (const foreign of ["", "v1", "v2.00.aa", "secret"]) {
    expect(await unseal(keyring, "p", foreign)).toBeNull();
  }
});

test("the sealed text contains neither the secret nor the key", async () => {
  const sealed = await seal(keyring, "p", "very-secret", nonce);
  expect(sealed).not.toContain("very-secret");
  expect(sealed).not.toContain("aaaaaaaa");
});

test("a keyring has the previous key only where one is set", () => {
  expect(keyringOf({ ENCRYPTION_KEY: "x" })).toEqual(["x"]);
  expect(keyringOf({ ENCRYPTION_KEY: "x", ENCRYPTION_KEY_PREVIOUS: "" })).toEqual(["x"]);
  expect(keyringOf({ ENCRYPTION_KEY: "x", ENCRYPTION_KEY_PREVIOUS: "y" })).toEqual(["x", "y"]);
});
