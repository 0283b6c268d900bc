/** Who asks, and what they may do: scopes and the sources a key is bound to. Source: API.md 2. */
import * as z from "zod";

export const scopes = [
  "messages:read",
  "feed:read",
  "sources:read",
  "sources:write",
  "subscriptions:read",
  "subscriptions:write",
  "subscriptions:impersonate",
  "keys:write",
  "messages:erase",
] as const;

export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

export interface Principal {
  /** The key's id; "root" for the deployment's own. */
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** Null: all sources. Else only these; every read and filter is intersected with them. */
  readonly sources: readonly string[] | null;
}

/** A `…:write` includes its `…:read`. */
export function holdsScope(principal: Pick<Principal, "scopes">, scope: Scope): boolean {
  if (principal.scopes.includes(scope)) return true;
  if (!scope.endsWith(":read")) return false;
  return principal.scopes.some((held) => held === scope.replace(":read", ":write"));
}

export function seesSource(principal: Pick<Principal, "sources">, source: string): boolean {
  return principal.sources === null || principal.sources.includes(source);
}
