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

const keyName = "tickline.key";
const becauseName = "tickline.because";

export const sessionKey = signal<string | null>(null);
/** Null until the service has said who the key is. */
export const identity = signal<Identity | null>(null);
/** Why the person has to sign in again; null on the first visit. */
export const signedOutBecause = signal<string | null>(null);

export function restoreSession(): void {
  takeKeyFromAddress();
  sessionKey.value = sessionStorage.getItem(keyName);
  signedOutBecause.value = sessionStorage.getItem(becauseName);
  sessionStorage.removeItem(becauseName);
  // The link may also be opened in a tab that shows the page already.
  addEventListener("hashchange", () => {
    if (takeKeyFromAddress()) location.reload();
  });
}

export function signIn(key: string, who: Identity): void {
  sessionStorage.setItem(keyName, key);
  identity.value = who;
  signedOutBecause.value = null;
  sessionKey.value = key;
}

/** Loads the page anew: nothing that one key could see may be left in memory for the next. */
export function signOut(because: string | null): void {
  sessionStorage.removeItem(keyName);
  if (because !== null) sessionStorage.setItem(becauseName, because);
  location.reload();
}

function takeKeyFromAddress(): boolean {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key === null) return false;
  history.replaceState(null, "", location.pathname + location.search);
  sessionStorage.setItem(keyName, key);
  return true;
}

const heldScopes = computed(() => new Set<string>(identity.value?.scopes ?? []));

/** A `…:write` includes its `…:read`. */
export function may(scope: Scope): boolean {
  const held = heldScopes.value;
  return held.has(scope) || (scope.endsWith(":read") && held.has(scope.replace(":read", ":write")));
}
