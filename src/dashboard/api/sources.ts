/** Sources and the providers they can be of. */
import type { AuthEntry } from "../sources/authEntry.ts";
import { type Answer, get, pathOf, queryOf, request } from "./request.ts";
import { anything, type Page, pageOf, shaped } from "./shape.ts";

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Source {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly status: "active" | "inactive";
  readonly ingestUrl: string;
  readonly auth: readonly AuthEntry[];
  readonly previousAuthUntil: string | null;
  readonly rateLimit: RateLimit | null;
  readonly createdAt: string;
  readonly lastReceivedAt: string | null;
  readonly counts: {
    readonly received: number;
    readonly refused: number;
    readonly rejected: number;
    readonly ignored: number;
  };
}

/** As it is answered when credentials were made: with them, this once. */
export interface SourceWithCredentials extends Source {
  readonly credentials: readonly AuthEntry[];
}

export interface Provider {
  readonly name: string;
  readonly title: string;
  readonly setup: string;
  readonly defaultAuth: readonly AuthEntry[];
  readonly auth: readonly AuthScheme[];
}

export interface AuthScheme {
  readonly type: string;
  readonly schema: unknown;
  readonly secrets: readonly string[];
  readonly generated: boolean;
}

export interface SourceChange {
  readonly name?: string;
  readonly status?: Source["status"];
  readonly rateLimit?: RateLimit | null;
}

export interface NewSource {
  readonly provider: string;
  readonly name: string;
  readonly id?: string;
  readonly auth?: readonly AuthEntry[];
}

const sourceMembers = ["id", "provider", "name", "status", "ingestUrl", "auth", "counts"] as const;
const sourceShape = shaped<Source>(...sourceMembers);
const withCredentials = shaped<SourceWithCredentials>(...sourceMembers, "credentials");

export function listSources(cursor: string | null, signal?: AbortSignal): Promise<Answer<Page<Source>>> {
  return get(`/v1/sources${queryOf({ limit: "200", cursor })}`, pageOf<Source>(...sourceMembers), signal);
}

export function readSource(id: string, signal?: AbortSignal): Promise<Answer<Source>> {
  return get(pathOf("sources", id), sourceShape, signal);
}

export function listProviders(signal?: AbortSignal): Promise<Answer<Page<Provider>>> {
  return get("/v1/providers", pageOf<Provider>("name", "title", "setup", "defaultAuth", "auth"), signal);
}

export function makeSource(body: NewSource): Promise<Answer<SourceWithCredentials>> {
  return request("POST", "/v1/sources", { shape: withCredentials, body });
}

export function changeSource(id: string, body: SourceChange): Promise<Answer<Source>> {
  return request("PATCH", pathOf("sources", id), { shape: sourceShape, body });
}

export function rotateSource(id: string, overlapSeconds: number): Promise<Answer<SourceWithCredentials>> {
  return request("POST", pathOf("sources", id, "rotate"), {
    shape: withCredentials,
    body: { overlapSeconds },
  });
}

export function deleteSource(id: string): Promise<Answer<unknown>> {
  return request("DELETE", pathOf("sources", id), { shape: anything });
}
