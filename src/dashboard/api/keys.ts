/** API keys. */
import type { Scope } from "../../model/access.ts";
import { type Answer, get, pathOf, queryOf, request } from "./request.ts";
import { anything, type Page, pageOf, shaped } from "./shape.ts";

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sources: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface KeyWithSecret extends Key {
  readonly key: string;
}

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly sources?: readonly string[];
  readonly expiresAt?: string;
}

const members = ["id", "name", "scopes"] as const;
const withSecret = shaped<KeyWithSecret>(...members, "key");

export function listKeys(cursor: string | null, signal?: AbortSignal): Promise<Answer<Page<Key>>> {
  return get(`/v1/keys${queryOf({ limit: "100", cursor })}`, pageOf<Key>(...members), signal);
}

export function makeKey(body: NewKey): Promise<Answer<KeyWithSecret>> {
  return request("POST", "/v1/keys", { shape: withSecret, body });
}

export function changeKey(id: string, body: Partial<Pick<NewKey, "name" | "scopes">>): Promise<Answer<Key>> {
  return request("PATCH", pathOf("keys", id), { shape: shaped<Key>(...members), body });
}

export function rotateKey(id: string, overlapSeconds: number): Promise<Answer<KeyWithSecret>> {
  return request("POST", pathOf("keys", id, "rotate"), { shape: withSecret, body: { overlapSeconds } });
}

export function deleteKey(id: string): Promise<Answer<unknown>> {
  return request("DELETE", pathOf("keys", id), { shape: anything });
}
