/** The service as its clients reach it, and what most tests need to have made there first. */
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import * as z from "zod";
import type { Scope } from "../../src/model/access.ts";
import { asListed } from "./listed.ts";

export const origin = "http://localhost";

export interface Ask {
  /** The key to come with; left out: the root key; null: none. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: string;
}

/** `ask("POST", "/v1/keys", { body: {…} })` */
export async function ask(method: string, path: string, options: Ask = {}): Promise<Response> {
  const { key = env.ROOT_KEY, body } = options;
  const headers = new Headers(options.headers);
  if (key !== null) headers.set("Authorization", `Bearer ${key}`);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const url = `${options.origin ?? origin}${path}`;
  const request = { method, headers, ...(body === undefined ? {} : { body: text }) };
  return asListed(method, url, await exports.default.fetch(url, request));
}

/** The answer's JSON, if its status is as expected; else the answer is the failure's message. */
export async function answerOf<Schema extends z.core.$ZodType>(
  response: Response,
  status: number,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await response.text();
  if (response.status !== status) throw new Error(`${response.status} instead of ${status}: ${text}`);
  return z.parse(schema, JSON.parse(text));
}

export const anything = z.record(z.string(), z.unknown());

const keySchema = z.looseObject({ id: z.string(), key: z.string() });

export async function newKey(
  scopes: readonly Scope[],
  sources: readonly string[] | null = null,
): Promise<{ id: string; key: string }> {
  const response = await ask("POST", "/v1/keys", { body: { name: "a test's", scopes, sources } });
  return answerOf(response, 201, keySchema);
}

const sourceSchema = z.looseObject({ id: z.string(), ingestUrl: z.string() });

/** A Nifteem source with the header `X-API-Key: secret`, unless the body says otherwise. */
export async function newSource(
  body: Readonly<Record<string, unknown>> = {},
): Promise<z.output<typeof sourceSchema>> {
  const auth = [{ type: "header", name: "X-API-Key", value: "secret" }];
  const response = await ask("POST", "/v1/sources", {
    body: { provider: "nifteem", name: "a test's", auth, ...body },
  });
  return answerOf(response, 201, sourceSchema);
}

/** The bindings with a database in which every statement fails. */
export function withoutDatabase(): Env {
  const broken: Pick<D1Database, "prepare"> = {
    prepare: () => {
      throw new Error("the database is down");
    },
  };
  return { ...env, DB: broken as D1Database };
}

/** A request of which the headers come first, and the body when it is sent; resolves once it was let in by its headers. */
export async function askInTwo(
  method: string,
  path: string,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<(body: unknown) => Promise<Response>> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const headers = { Authorization: `Bearer ${key}` };
  const answer = exports.default.fetch(`${origin}${path}`, { method, headers, body: readable });
  // Written down for whoever was let in.
  const lastUse = env.DB.prepare("SELECT last_used_at FROM keys WHERE id = ?").bind(id);
  await expect.poll(() => lastUse.first("last_used_at")).not.toBeNull();
  return async (body) => {
    const writer = writable.getWriter();
    await Promise.all([writer.write(new TextEncoder().encode(JSON.stringify(body))), writer.close()]);
    return answer;
  };
}
