/**
 * A Cloudflare account as its API shows it, on loopback: as much of it as wrangler asks for when it deploys. Its
 * databases are real ones, so that a migration counts only if it applies.
 */
import { createServer, type IncomingMessage } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { text as textOf } from "node:stream/consumers";
import * as z from "zod";

export interface Account {
  readonly origin: string;
  /** For a wrangler that is to take it for Cloudflare. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whatever changed it, in order. */
  readonly changes: string[];
  /** What was asked, and is not known here. */
  readonly unknown: string[];
  readonly databases: Map<string, DatabaseSync>;
  readonly queues: Map<string, ReadonlySet<string>>;
  readonly scripts: Map<string, Script>;
  readonly close: () => void;
}

/** A Worker after its last upload. */
export interface Script {
  readonly bindings: readonly Binding[];
  readonly secrets: ReadonlyMap<string, string>;
  readonly migrationTag: string | null;
  readonly crons: readonly string[];
  readonly isOnWorkersDev: boolean;
}

const bindingSchema = z.looseObject({ name: z.string(), type: z.string(), text: z.string().optional() });
type Binding = z.infer<typeof bindingSchema>;

const metadataSchema = z.looseObject({
  bindings: z.array(bindingSchema),
  keep_bindings: z.array(z.string()).default([]),
  migrations: z.looseObject({ new_tag: z.string() }).optional(),
});
const manifestSchema = z.object({ manifest: z.record(z.string(), z.object({ hash: z.string() })) });
const statementSchema = z.object({ sql: z.string() });

interface Asked {
  readonly query: URLSearchParams;
  readonly body: string;
  readonly contentType: string;
  /** What the stars of the path stand for. */
  readonly names: readonly string[];
}

type Answer = { readonly result: unknown } | { readonly code: number; readonly message: string };
type Handler = (account: Account, asked: Asked) => Answer | Promise<Answer>;

const accountId = "0123456789abcdef0123456789abcdef";
const emptyScript: Script = {
  bindings: [],
  secrets: new Map(),
  migrationTag: null,
  crons: [],
  isOnWorkersDev: false,
};
/** Wrangler reads when it ends. */
const uploadToken = `.${btoa(JSON.stringify({ exp: 9_999_999_999 }))}.`;

/** `GET /health` is healthy as soon as there is a Worker. */
export async function openAccount(): Promise<Account> {
  const server = createServer((request, response) => {
    answer(account, request).then(
      ({ status, body }) =>
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const account: Account = {
    origin,
    environment: {
      CLOUDFLARE_API_BASE_URL: `${origin}/client/v4`,
      CLOUDFLARE_API_TOKEN: "a-token",
      CLOUDFLARE_ACCOUNT_ID: accountId,
    },
    changes: [],
    unknown: [],
    databases: new Map(),
    queues: new Map(),
    scripts: new Map(),
    close: () => server.close(),
  };
  return account;
}

async function answer(
  account: Account,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const { method = "", url = "/" } = request;
  const { pathname, searchParams } = new URL(url, account.origin);
  const body = await textOf(request);
  const path = pathname.replace(`/client/v4/accounts/${accountId}`, "");
  if (path === "/health") return { status: account.scripts.size > 0 ? 200 : 404, body: { status: "ok" } };
  const asked = `${method} ${path}`;
  for (const [pattern, handler] of Object.entries(handlers)) {
    const found = new RegExp(`^${pattern.replaceAll("*", "([^/]+)")}$`).exec(asked);
    if (found === null) continue;
    if (method !== "GET") account.changes.push(asked);
    const contentType = request.headers["content-type"] ?? "";
    const said = await handler(account, { query: searchParams, body, contentType, names: found.slice(1) });
    if ("result" in said) return { status: 200, body: envelope(said.result) };
    return { status: 404, body: { ...envelope(null), success: false, errors: [said] } };
  }
  account.unknown.push(asked);
  return {
    status: 404,
    body: { ...envelope(null), success: false, errors: [{ code: 7003, message: asked }] },
  };
}

function envelope(result: unknown): object {
  const total = Array.isArray(result) ? result.length : 1;
  const result_info = { page: 1, per_page: 100, count: total, total_count: total, total_pages: 1 };
  return { success: true, errors: [], messages: [], result, result_info };
}

const noWorker = { code: 10007, message: "This Worker does not exist on your account." };

const handlers: Readonly<Record<string, Handler>> = {
  "GET /d1/database": ({ databases }) => ({ result: [...databases.keys()].map(describeDatabase) }),
  "POST /d1/database": ({ databases }, { body }) => {
    const { name } = z.object({ name: z.string() }).parse(parsed(body));
    databases.set(name, new DatabaseSync(":memory:"));
    return { result: describeDatabase(name) };
  },
  "GET /d1/database/*": ({ databases }, { names: [id = ""] }) => {
    const name = databases.has(id) ? id : nameOfDatabase(id);
    return databases.has(name)
      ? { result: describeDatabase(name) }
      : { code: 7404, message: "no such database" };
  },
  "POST /d1/database/*/query": ({ databases }, { names: [id = ""], body }) => {
    const database = databases.get(nameOfDatabase(id));
    if (database === undefined) return { code: 7404, message: "no such database" };
    return {
      result: [{ success: true, meta: {}, results: run(database, statementSchema.parse(parsed(body)).sql) }],
    };
  },
  "GET /queues": ({ queues }, { query }) => {
    const wanted = query.getAll("name");
    const found = [...queues].filter(([name]) => wanted.length === 0 || wanted.includes(name));
    return { result: found.map(([name, consumers]) => describeQueue(name, consumers)) };
  },
  "POST /queues": ({ queues }, { body }) => {
    const { queue_name: name } = z.object({ queue_name: z.string() }).parse(parsed(body));
    queues.set(name, new Set());
    return { result: describeQueue(name, new Set()) };
  },
  "POST /queues/*/consumers": ({ queues }, { names: [name = ""], body }) => {
    const { script_name: script } = z.object({ script_name: z.string() }).parse(parsed(body));
    queues.set(name, new Set([...(queues.get(name) ?? []), script]));
    return { result: {} };
  },
  "PUT /queues/*/consumers/*": () => ({ result: {} }),
  "GET /workers/subdomain": () => ({ result: { subdomain: "someone" } }),
  "GET /workers/services/*": ({ scripts }, { names: [name = ""] }) => {
    const script = scripts.get(name);
    if (script === undefined) return noWorker;
    const { migrationTag } = script;
    const said = {
      id: name,
      tag: "a-tag",
      tags: null,
      migration_tag: migrationTag,
      last_deployed_from: "wrangler",
    };
    return { result: { id: name, default_environment: { environment: "production", script: said } } };
  },
  "GET /workers/scripts": ({ scripts }) => ({
    result: [...scripts].map(([id, { migrationTag }]) => ({ id, migration_tag: migrationTag })),
  }),
  "GET /workers/scripts/*/secrets": ({ scripts }, { names: [name = ""] }) => {
    const script = scripts.get(name);
    if (script === undefined) return noWorker;
    return { result: [...script.secrets.keys()].map((secret) => ({ name: secret, type: "secret_text" })) };
  },
  // Asked for what a var would hide.
  "GET /workers/scripts/*/settings": ({ scripts }, { names: [name = ""] }) => {
    const script = scripts.get(name);
    return script === undefined ? noWorker : { result: { bindings: script.bindings } };
  },
  "GET /workers/scripts/*/deployments": ({ scripts }, { names: [name = ""] }) =>
    scripts.has(name) ? { result: { deployments: [] } } : noWorker,
  "POST /workers/scripts/*/assets-upload-session": (_, { body }) => {
    const hashes = Object.values(manifestSchema.parse(parsed(body)).manifest).map(({ hash }) => hash);
    return { result: { jwt: uploadToken, buckets: [[...new Set(hashes)]] } };
  },
  "POST /workers/assets/upload": () => ({ result: { jwt: uploadToken } }),
  "PUT /workers/scripts/*": async ({ scripts }, { names: [name = ""], body, contentType }) =>
    upload(scripts, name, metadataSchema.parse(await metadataOf(body, contentType))),
  "POST /workers/scripts/*/versions": async ({ scripts }, { names: [name = ""], body, contentType }) =>
    upload(scripts, name, metadataSchema.parse(await metadataOf(body, contentType))),
  "POST /workers/scripts/*/deployments": () => ({ result: { id: "a-deployment" } }),
  "PATCH /workers/scripts/*/script-settings": () => ({ result: {} }),
  "GET /workers/scripts/*/subdomain": ({ scripts }, { names: [name = ""] }) => ({
    result: { enabled: scripts.get(name)?.isOnWorkersDev === true, previews_enabled: false },
  }),
  "GET /workers/workers/*": ({ scripts }, { names: [name = ""] }) => ({
    result: { subdomain: { enabled: scripts.get(name)?.isOnWorkersDev === true, previews_enabled: false } },
  }),
  "POST /workers/scripts/*/subdomain": ({ scripts }, { names: [name = ""] }) => {
    change(scripts, name, { isOnWorkersDev: true });
    return { result: { enabled: true, previews_enabled: false } };
  },
  "PUT /workers/scripts/*/schedules": ({ scripts }, { names: [name = ""], body }) => {
    const crons = z.array(z.object({ cron: z.string() })).parse(parsed(body));
    change(scripts, name, { crons: crons.map(({ cron }) => cron) });
    return { result: { schedules: crons } };
  },
};

/** As Cloudflare does: what is inherited must be there, and a secret that is kept stays although nobody names it. */
function upload(scripts: Account["scripts"], name: string, said: z.infer<typeof metadataSchema>): Answer {
  const before = scripts.get(name) ?? emptyScript;
  const given = said.bindings.filter(({ type }) => type === "secret_text");
  const known = new Map(before.bindings.map((one) => [one.name, one]));
  const bindings = said.bindings.map((one) => (one.type === "inherit" ? (known.get(one.name) ?? one) : one));
  const lost = bindings.find((one) => one.type === "inherit" && !before.secrets.has(one.name));
  if (lost !== undefined) return { code: 10057, message: `inherit binding '${lost.name}' is invalid` };
  const kept = said.keep_bindings.includes("secret_text") ? [...before.secrets] : [];
  change(scripts, name, {
    bindings,
    secrets: new Map([
      ...kept,
      ...given.map(({ name: secret, text = "" }): [string, string] => [secret, text]),
    ]),
    migrationTag: said.migrations?.new_tag ?? before.migrationTag,
  });
  return {
    result: {
      id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      deployment_id: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      startup_time_ms: 1,
      resources: { script: { etag: "an-etag" } },
    },
  };
}

function change(scripts: Account["scripts"], name: string, changed: Partial<Script>): void {
  scripts.set(name, { ...(scripts.get(name) ?? emptyScript), ...changed });
}

async function metadataOf(body: string, contentType: string): Promise<unknown> {
  const form = await new Response(body, {
    headers: { "Content-Type": contentType },
  }).formData();
  const metadata = form.get("metadata");
  return JSON.parse(typeof metadata === "string" ? metadata : ((await metadata?.text()) ?? "null"));
}

/** Several statements at once give nothing back, as a migration does. */
function run(database: DatabaseSync, sql: string): unknown[] {
  if (/^\s*(?:SELECT|PRAGMA)\b/i.test(sql)) return database.prepare(sql).all();
  database.exec(sql);
  return [];
}

function describeDatabase(name: string): object {
  return { uuid: `id-of-${name}`, name, version: "production" };
}

function nameOfDatabase(id: string): string {
  return id.replace(/^id-of-/, "");
}

function describeQueue(name: string, consumers: ReadonlySet<string>): object {
  const described = [...consumers].map((script) => ({ consumer_id: `of-${script}`, type: "worker", script }));
  return { queue_id: name, queue_name: name, consumers: described, producers: [], settings: {} };
}

function parsed(body: string): unknown {
  return JSON.parse(body);
}
