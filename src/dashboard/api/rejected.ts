/** Rejected webhooks. */
import type { FieldError } from "./problem.ts";
import { type Answer, get, pathOf, queryOf, request } from "./request.ts";
import { anything, type Page, pageOf, shaped } from "./shape.ts";

export interface RejectedSummary {
  readonly id: string;
  readonly source: string;
  readonly provider: string;
  readonly count: number;
  readonly firstReceivedAt: string;
  readonly lastReceivedAt: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
  readonly bodyBytes: number;
  readonly truncated: boolean;
  readonly replayable: boolean;
}

export interface Rejected extends RejectedSummary {
  readonly method: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyEncoding: "utf-8" | "base64";
}

const members = ["id", "source", "reason", "errors", "count"] as const;

export function listRejected(
  source: string | null,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Answer<Page<RejectedSummary>>> {
  return get(`/v1/rejected${queryOf({ source, cursor })}`, pageOf<RejectedSummary>(...members), signal);
}

export function readRejected(id: string, signal?: AbortSignal): Promise<Answer<Rejected>> {
  return get(pathOf("rejected", id), shaped<Rejected>(...members, "headers", "body"), signal);
}

export function replayRejected(id: string): Promise<Answer<unknown>> {
  return request("POST", pathOf("rejected", id, "replay"), { shape: anything });
}

export function deleteRejected(id: string): Promise<Answer<unknown>> {
  return request("DELETE", pathOf("rejected", id), { shape: anything });
}
