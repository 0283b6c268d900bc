import { expect, test } from "vitest";
import { deriveBits } from "../../../src/secrets/derive.ts";

test("each label and each secret gives another key, and always the same one", async () => {
  const one = (await deriveBits("a".repeat(32), "seal/v1")).toHex();
  expect((await deriveBits("a".repeat(32), "seal/v1")).toHex()).toBe(one);
  expect((await deriveBits("a".repeat(32), "stream-token/v1")).toHex()).not.toBe(one);
  expect((await deriveBits("b".repeat(32), "seal/v1")).toHex()).not.toBe(one);
});
