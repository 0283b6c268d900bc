import fc from "fast-check";
import { expect, test } from "vitest";
import { type Access, change, covers, grant, seesKey } from "../../../src/keys/grant.ts";
import { scopes } from "../../../src/model/access.ts";

const access: fc.Arbitrary<Access> = fc.record({
  scopes: fc.uniqueArray(fc.constantFrom(...scopes), { minLength: 1 }),
  sources: fc.option(fc.uniqueArray(fc.constantFrom("one", "two", "three"), { minLength: 1 })),
  expiresAtMs: fc.option(fc.constantFrom(1_000, 2_000)),
});

const maker: Access = {
  scopes: ["sources:write", "keys:write"],
  sources: ["one", "two"],
  expiresAtMs: 5_000,
};

test("a key grants nothing that it has not, whatever is asked", () => {
  fc.assert(
    fc.property(access, access, (holder, wanted) => {
      const granted = grant(holder, wanted);
      if (granted.ok) expect(covers(holder, granted.value)).toBe(true);
      else expect(granted.failure.kind).toBe("forbidden");
    }),
  );
});

test("sources left out are all that the maker sees, and a life left out is as long as the maker's", () => {
  expect(grant(maker, { scopes: ["sources:read"] })).toEqual({
    ok: true,
    value: { scopes: ["sources:read"], sources: ["one", "two"], expiresAtMs: 5_000 },
  });
  expect(grant(maker, { scopes: ["sources:read"], sources: null, expiresAtMs: null })).toMatchObject({
    value: { sources: ["one", "two"], expiresAtMs: 5_000 },
  });
});

test("neither another scope nor another source nor a longer life can be granted", () => {
  expect(grant(maker, { scopes: ["messages:read"] }).ok).toBe(false);
  expect(grant(maker, { scopes: ["sources:read"], sources: ["three"] }).ok).toBe(false);
  expect(grant(maker, { scopes: ["sources:read"], expiresAtMs: 5_001 }).ok).toBe(false);
});

test("no change gives a key what neither it nor the changer had", () => {
  const wanted = fc.record(
    { scopes: access.map(({ scopes: some }) => some), sources: access.map(({ sources }) => sources) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(access, access, wanted, (changer, current, wish) => {
      fc.pre(seesKey(changer, current));
      const changed = change(changer, current, wish);
      if (!changed.ok) return;
      expect(
        covers(current, changed.value) ||
          covers(changer, changed.value) ||
          addsOnly(changer, current, changed.value),
      ).toBe(true);
    }),
  );
});

/** Scopes of the changer were added to a key that kept its own, over the same sources. */
function addsOnly(changer: Access, current: Access, changed: Access): boolean {
  const added = changed.scopes.filter((scope) => !covers(current, { ...changed, scopes: [scope] }));
  return (
    covers(changer, { ...changed, scopes: added }) && covers({ ...current, scopes }, { ...changed, scopes })
  );
}

test("taking away needs nothing of what is taken", () => {
  const strong: Access = { scopes: ["messages:read", "feed:read"], sources: null, expiresAtMs: null };
  const weak: Access = { scopes: ["keys:write"], sources: null, expiresAtMs: null };
  expect(change(weak, strong, { scopes: ["feed:read"] }).ok).toBe(true);
  expect(change(weak, strong, { sources: ["one"] }).ok).toBe(true);
  expect(change(weak, strong, { expiresAtMs: 9 }).ok).toBe(true);
  expect(change(weak, strong, { scopes: ["feed:read", "keys:write"] }).ok).toBe(true);
  expect(change(weak, strong, { scopes: ["sources:read"] }).ok).toBe(false);
});

test("a longer life or more sources need all that the key can do", () => {
  const strong: Access = { scopes: ["messages:read"], sources: ["one"], expiresAtMs: 1_000 };
  const weak: Access = { scopes: ["keys:write"], sources: null, expiresAtMs: null };
  expect(change(weak, strong, { expiresAtMs: null }).ok).toBe(false);
  expect(change(weak, strong, { expiresAtMs: 1_001 }).ok).toBe(false);
  expect(change(weak, strong, { sources: ["one", "two"] }).ok).toBe(false);
  expect(change({ ...weak, scopes: ["keys:write", "messages:read"] }, strong, { sources: null }).ok).toBe(
    true,
  );
});

test("a bound key knows only of keys that are bound to some of its sources", () => {
  expect(seesKey({ sources: ["one", "two"] }, { sources: ["two"] })).toBe(true);
  expect(seesKey({ sources: ["one"] }, { sources: ["one", "two"] })).toBe(false);
  expect(seesKey({ sources: ["one"] }, { sources: null })).toBe(false);
  expect(seesKey({ sources: null }, { sources: null })).toBe(true);
});
