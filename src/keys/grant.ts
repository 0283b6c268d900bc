/** What a key may hand on: never more scopes, more sources or a longer life than it has itself. */
import { coversAccess, holdsScope, type Principal, type Scope, seesSource } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import { fail, type Result, succeed } from "../model/result.ts";

/** What a key can do, and until when. */
export interface Access {
  readonly scopes: readonly Scope[];
  readonly sources: readonly string[] | null;
  /** Null: for ever. */
  readonly expiresAtMs: number | null;
}

export interface Wanted {
  readonly scopes: readonly Scope[];
  /** Null or left out: all that the maker sees. */
  readonly sources?: readonly string[] | null | undefined;
  /** Null or left out: as long as the maker. */
  readonly expiresAtMs?: number | null | undefined;
}

export const overreach: Failure = {
  kind: "forbidden",
  detail: "A key can grant only what it has: its scopes, its sources, and no longer life than its own.",
};

/** The access of a new key, where its maker may give it. */
export function grant(maker: Access, wanted: Wanted): Result<Access> {
  const granted = {
    scopes: wanted.scopes,
    sources: wanted.sources ?? maker.sources,
    expiresAtMs: wanted.expiresAtMs ?? maker.expiresAtMs,
  };
  return covers(maker, granted) ? succeed(granted) : fail(overreach);
}

/** The access of a key after a change. Taking away is open to everybody who may see the key. */
export function change(
  changer: Access,
  current: Access,
  wanted: { readonly [Member in keyof Wanted]?: Wanted[Member] | undefined },
): Result<Access> {
  const next = {
    scopes: wanted.scopes ?? current.scopes,
    sources: wanted.sources === undefined ? current.sources : (wanted.sources ?? changer.sources),
    expiresAtMs:
      wanted.expiresAtMs === undefined ? current.expiresAtMs : (wanted.expiresAtMs ?? changer.expiresAtMs),
  };
  // More sources or a longer life are more of every scope.
  if (reachesFurther(next, current)) return covers(changer, next) ? succeed(next) : fail(overreach);
  const added = next.scopes.filter((scope) => !holdsScope(current, scope));
  const mayAdd = covers(changer, { ...next, scopes: added });
  return added.length === 0 || mayAdd ? succeed(next) : fail(overreach);
}

/** Whether the holder has all that is wanted, and for as long. */
export function covers(holder: Access, wanted: Access): boolean {
  return coversAccess(holder, wanted) && !outlives(wanted, holder);
}

/** Keys that may touch sources which this one does not see are not there for it. */
export function seesKey(principal: Pick<Principal, "sources">, key: Pick<Access, "sources">): boolean {
  if (principal.sources === null) return true;
  return key.sources !== null && key.sources.every((source) => seesSource(principal, source));
}

function reachesFurther(next: Access, current: Access): boolean {
  return !seesKey(current, next) || outlives(next, current);
}

function outlives(one: Access, other: Access): boolean {
  return other.expiresAtMs !== null && (one.expiresAtMs === null || one.expiresAtMs > other.expiresAtMs);
}
