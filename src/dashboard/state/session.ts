/**
 * Who is signed in: the key, and what it may do.
 *
 * The key lives in this tab's sessionStorage and goes into the Authorization header, nowhere else. A key in the
 * address's fragment, which no server ever sees, is taken over and removed before anything else happens.
 */
import { computed, signal } from "@preact/signals";
import type { Scope } from "../../model/access.ts";

export interface Identity {
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  readonly sources: readonly string[] | null;
  readonly expiresAt: string | null;
}

const storageName = "tickline.key";

export const sessionKey = signal<string | null>(null);
/** Null until the service has said who the key is. */
export const identity = signal<Identity | null>(null);
/** Why the person has to sign in again; null on the first visit. */
export const signedOutBecause = signal<string | null>(null);

export function restoreSession(): void {
  const fromLink = new URLSearchParams(location.hash.slice(1)).get("key");
  if (fromLink !== null) {
    history.replaceState(null, "", location.pathname + location.search);
    sessionStorage.setItem(storageName, fromLink);
  }
  sessionKey.value = sessionStorage.getItem(storageName);
}

export function signIn(key: string, who: Identity): void {
  sessionStorage.setItem(storageName, key);
  identity.value = who;
  signedOutBecause.value = null;
  sessionKey.value = key;
}

export function signOut(because: string | null): void {
  sessionStorage.removeItem(storageName);
  sessionKey.value = null;
  identity.value = null;
  signedOutBecause.value = because;
}

const heldScopes = computed(() => new Set<string>(identity.value?.scopes ?? []));

/** A `…:write` includes its `…:read`. */
export function may(scope: Scope): boolean {
  const held = heldScopes.value;
  return held.has(scope) || (scope.endsWith(":read") && held.has(scope.replace(":read", ":write")));
}
