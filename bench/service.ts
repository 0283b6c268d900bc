/** Starts what is measured on the Workers runtime itself, without wrangler's development proxy in between. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Miniflare, type MiniflareOptions } from "miniflare";
import * as z from "zod";
import { unstable_splitSqlQuery as splitSqlQuery } from "wrangler";
import { quietEnvironment, repository, wranglerPath } from "../scripts/local.ts";

const quiet = { host: "127.0.0.1", port: 0, cf: false, telemetry: { enabled: false } } as const;

const workerName = "bench";
const object = { type: "durable-object", storage: "sqlite" } as const;
const objectBinding = (exportName: string) =>
  ({ type: "durable-object", worker: workerName, exportName }) as const;
const textBinding = (value: string) => ({ type: "json", value }) as const;

export interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Tickline extends Running {
  readonly key: string;
  /** An authorized call of the management API that must succeed. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** What the platform would have billed since the start. */
  units(): Promise<Units>;
  /** The same, once all that was begun is done: nothing more is counted. */
  settled(): Promise<Units>;
  /** Gives the feed these events, past everything before it. */
  publish(events: string): Promise<void>;
  /** Copies every message and event in the tables, once for each suffix of their ids; the copies have no objects. */
  copyRows(suffixes: readonly string[]): Promise<void>;
  /** Lets all messages go, as retention does when their time has come. */
  expireAll(): Promise<void>;
  /** Counts the last minutes, as the cron does; here crons do not fire. */
  rollUp(): Promise<void>;
}

/** Counted since the start; a unit that was never used is missing. `databaseBytes` is the size as it now is. */
const unitsSchema = z.record(z.string(), z.number());
export type Units = z.infer<typeof unitsSchema>;

async function readUnits(url: string): Promise<Units> {
  return unitsSchema.parse(await (await fetch(`${url}/bench/units`)).json());
}

async function settledUnits(url: string): Promise<Units> {
  for (let before = await readUnits(url); ;) {
    await wait(500);
    const after = await readUnits(url);
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    before = after;
  }
}

/** As it will run when so much time has gone by. */
async function runCron(url: string, cron: string, aheadMs: number): Promise<void> {
  await useDoor(`${url}/bench/cron`, JSON.stringify({ cron, aheadMs }));
}

async function useDoor(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: "POST", body });
  if (response.status === 204) return;
  throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}

/** The Worker as `wrangler deploy` would upload it. */
export function buildBundle(): string {
  const directory = mkdtempSync(join(tmpdir(), "tickline-bench-"));
  execFileSync(
    process.execPath,
    [wranglerPath, "deploy", "--env=", "--dry-run", "--minify", "--outdir", directory],
    {
      cwd: repository,
      env: { ...process.env, ...quietEnvironment },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const script = readFileSync(join(directory, "index.js"), "utf8");
  rmSync(directory, { recursive: true });
  return script;
}

export async function startTickline(script: string): Promise<Tickline> {
  const key = randomBytes(24).toString("hex");
  const state = mkdtempSync(join(tmpdir(), "tickline-bench-state-"));
  const modules = { "index.js": program("metered"), "tickline.js": script };
  const miniflare = startWorker(state, modules, {
    exports: { MessageObject: object, FeedObject: object, SubscriptionObject: object },
    triggers: [
      {
        type: "queue",
        name: "tickline-events",
        maxBatchSize: 100,
        maxBatchTimeout: 0,
        maxRetries: 5,
        retryDelay: 10,
      },
    ],
    env: {
      MESSAGE: objectBinding("MessageObject"),
      FEED: objectBinding("FeedObject"),
      SUBSCRIPTION: objectBinding("SubscriptionObject"),
      DB: { type: "d1", id: "bench" },
      EVENTS: { type: "queue", name: "tickline-events" },
      ROOT_KEY: textBinding(key),
      ENCRYPTION_KEY: textBinding(randomBytes(24).toString("hex")),
      PUBLIC_URL: textBinding(""),
      ALLOWED_TARGETS: textBinding("127.0.0.1"),
      ALLOWED_ORIGINS: textBinding(""),
      LOG_RECIPIENTS: textBinding("none"),
      RETENTION_DAYS: textBinding("90"),
    },
  });
  const url = String(await miniflare.ready).replace(/\/$/, "");
  await migrate(await miniflare.getD1Database("DB"));
  return {
    url,
    key,
    async call(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { "X-API-Key": key, "Content-Type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      const answer: unknown = text === "" ? null : JSON.parse(text);
      return answer;
    },
    units: () => readUnits(url),
    settled: () => settledUnits(url),
    publish: (events) => useDoor(`${url}/bench/publish`, events),
    copyRows: (suffixes) => useDoor(`${url}/bench/copy`, JSON.stringify(suffixes)),
    async expireAll() {
      for (const cron of ["* * * * *", "17 * * * *"]) await runCron(url, cron, 365 * 86_400_000);
    },
    async rollUp() {
      for (let minutes = -10; minutes <= 1; minutes += 1) await runCron(url, "* * * * *", minutes * 60_000);
    },
    async stop() {
      await miniflare.dispose();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** The program's file, its objects' class, and the name under which it knows them. */
const programs = {
  echo: { file: "echo", objects: {} },
  row: { file: "row", objects: { ROWS: "RowObject" } },
  guarded: { file: "row", objects: { ROWS: "GuardedObject" } },
  broadcast: { file: "broadcast", objects: { BROADCAST: "BroadcastObject" } },
} satisfies Record<string, { file: string; objects: Record<string, string> }>;

export async function startProgram(name: keyof typeof programs): Promise<Running> {
  const state = mkdtempSync(join(tmpdir(), "tickline-bench-state-"));
  const { file, objects } = programs[name];
  const classes = Object.entries<string>(objects);
  const miniflare = startWorker(
    state,
    { "index.js": program(file) },
    {
      exports: Object.fromEntries(classes.map(([, exportName]) => [exportName, object])),
      env: Object.fromEntries(classes.map(([binding, exportName]) => [binding, objectBinding(exportName)])),
    },
  );
  return {
    url: String(await miniflare.ready).replace(/\/$/, ""),
    async stop() {
      await miniflare.dispose();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function program(name: string): string {
  return readFileSync(join(repository, "bench/programs", `${name}.js`), "utf8");
}

type WorkerConfig = Partial<MiniflareOptions["workers"][number]["config"]>;

/** `modules` by name; the main one is `index.js`. */
function startWorker(
  state: string,
  modules: Readonly<Record<string, string>>,
  config: WorkerConfig,
): Miniflare {
  return new Miniflare({
    ...quiet,
    resourcePersistencePath: state,
    // Log lines are work that a deployment does too; here they are made and thrown away.
    handleStructuredLogs: () => {},
    workers: [
      {
        config: {
          name: workerName,
          compatibilityDate: "2026-10-20",
          compatibilityFlags: ["global_fetch_strictly_public"],
          manifest: {
            mainModule: "index.js",
            modulesRoot: "/",
            modules: Object.fromEntries(
              Object.entries(modules).map(([name, contents]) => [name, { type: "esm" as const, contents }]),
            ),
          },
          ...config,
        },
      },
    ],
  });
}

async function migrate(db: Awaited<ReturnType<Miniflare["getD1Database"]>>): Promise<void> {
  const folder = join(repository, "migrations");
  for (const name of readdirSync(folder).toSorted()) {
    for (const statement of splitSqlQuery(readFileSync(join(folder, name), "utf8"))) {
      await db.prepare(statement).run();
    }
  }
}
