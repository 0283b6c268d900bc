/** One request to the public API with the session's key. Never throws but when it is aborted. */
import { sessionKey, signOut } from "../state/session.ts";
import { misshapen, type Problem, problemOf, unreachable } from "./problem.ts";
import type { Shape } from "./shape.ts";

export type Answer<Body> =
  | { readonly ok: true; readonly value: Body }
  | { readonly ok: false; readonly problem: Problem };

type Method = "GET" | "POST" | "PATCH" | "DELETE";

interface Options<Body> {
  readonly shape: Shape<Body>;
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the session's, to try a key out. */
  readonly key?: string;
}

/** A proxy that swallows a request must not leave a page waiting for ever. */
const patienceMs = 30_000;

export async function request<Body>(
  method: Method,
  path: string,
  { shape, body, signal, key }: Options<Body>,
): Promise<Answer<Body>> {
  let response: Response;
  let value: unknown = null;
  try {
    response = await fetch(path, {
      method,
      headers: headersOf(key ?? sessionKey.peek(), body !== undefined),
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal === undefined ? [] : [signal])]),
    });
    const text = await response.text();
    value = text === "" ? null : parsed(text);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { ok: false, problem: unreachable };
  }
  if (!response.ok) {
    // A key that held before and does not now was revoked or has expired.
    const isOutdated = response.status === 401 && key === undefined;
    if (isOutdated) signOut("Your key no longer holds. Sign in with another one.");
    return { ok: false, problem: problemOf(response.status, value) };
  }
  return shape(value) ? { ok: true, value } : { ok: false, problem: misshapen };
}

export function get<Body>(path: string, shape: Shape<Body>, signal?: AbortSignal): Promise<Answer<Body>> {
  return request("GET", path, { shape, signal });
}

/** `/v1/messages/{source}/{messageId}`, every part encoded. */
export function pathOf(...parts: readonly string[]): string {
  return `/v1/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
}

/** Members without a value are left out. */
export function queryOf(values: Readonly<Record<string, string | null | undefined>>): string {
  const entries = Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : []));
  return entries.length === 0 ? "" : `?${new URLSearchParams(entries).toString()}`;
}

function headersOf(key: string | null, hasBody: boolean): Record<string, string> {
  return {
    Accept: "application/json",
    ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
    ...(hasBody ? { "Content-Type": "application/json" } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
