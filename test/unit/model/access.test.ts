import { expect, test } from "vitest";
import { coversAccess, holdsScope, seesSource, sourceIdSchema } from "../../../src/model/access.ts";

test("a write scope includes its read scope, and no other", () => {
  expect(holdsScope({ scopes: ["sources:write"] }, "sources:read")).toBe(true);
  expect(holdsScope({ scopes: ["sources:read"] }, "sources:write")).toBe(false);
  expect(holdsScope({ scopes: ["keys:write"] }, "messages:read")).toBe(false);
  expect(holdsScope({ scopes: [] }, "feed:read")).toBe(false);
});

test("a key without a list sees every source, one with a list only these", () => {
  expect(seesSource({ sources: null }, "any-source")).toBe(true);
  expect(seesSource({ sources: ["one"] }, "one")).toBe(true);
  expect(seesSource({ sources: ["one"] }, "two")).toBe(false);
});

test("a key covers what asks for no more than it has", () => {
  const holder = { scopes: ["sources:write", "keys:write"] as const, sources: ["one", "two"] };
  expect(coversAccess(holder, { scopes: ["sources:read"], sources: ["two"] })).toBe(true);
  expect(coversAccess(holder, { scopes: ["messages:read"], sources: ["two"] })).toBe(false);
  expect(coversAccess(holder, { scopes: ["sources:read"], sources: ["three"] })).toBe(false);
  expect(coversAccess(holder, { scopes: ["sources:read"], sources: null })).toBe(false);
  expect(coversAccess({ ...holder, sources: null }, { scopes: [], sources: null })).toBe(true);
});

test("a source's id fits into a URL and into the name of an object", () => {
  for (const good of ["abc", "0-9", "my-nifteem", "a".repeat(63)]) {
    expect(sourceIdSchema.safeParse(good).success).toBe(true);
  }
  for (const bad of ["", "ab", "-abc", "Abc", "a_c", "a/c", "a".repeat(64), "abc\n"]) {
    expect(sourceIdSchema.safeParse(bad).success).toBe(false);
  }
});
