/** Who asks, and what they may do: scopes and the sources a key is bound to. Source: API.md 2. */
import * as z from "zod/mini";

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

/** The deployment's own key: it is in no table, may do everything, and ends with its deployment. */
export const rootKeyId = "root";

export interface Principal {
  /** The key's id; `rootKeyId` for the deployment's own. */
  readonly keyId: string;
  /** Which of the key's secrets was shown; null for the deployment's own, and where the key was found by its id alone. */
  readonly secretId: string | null;
  readonly scopes: readonly Scope[];
  /** Null: all sources. Else only these; every read and filter is intersected with them. */
  readonly sources: readonly string[] | null;
  /** When the key, or the secret it was shown with, stops to hold; null: never. What outlives a request asks again. */
  readonly expiresAtMs: number | null;
}

/** Of the hash of a secret: enough to tell the few of a key apart, and worth nothing to anybody else. */
export const secretIdCharacters = 16;

/** In URLs and in the names of objects, so without a slash. */
export const sourceIdSchema = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9][a-z0-9-]{2,62}$/,
      "must be 3 to 63 lower-case letters, digits and hyphens, not beginning with a hyphen",
    ),
  );

/** A `…:write` includes its `…:read`. */
export function holdsScope(principal: Pick<Principal, "scopes">, scope: Scope): boolean {
  if (principal.scopes.includes(scope)) return true;
  if (!scope.endsWith(":read")) return false;
  return principal.scopes.some((held) => held === scope.replace(":read", ":write"));
}

/** Whether all that the second may do, the first may do as well. */
export function coversAccess(
  holder: Pick<Principal, "scopes" | "sources">,
  wanted: Pick<Principal, "scopes" | "sources">,
): boolean {
  if (!wanted.scopes.every((scope) => holdsScope(holder, scope))) return false;
  if (holder.sources === null) return true;
  return wanted.sources !== null && wanted.sources.every((source) => seesSource(holder, source));
}

export function seesSource(principal: Pick<Principal, "sources">, source: string): boolean {
  return principal.sources === null || principal.sources.includes(source);
}
