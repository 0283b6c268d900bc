/**
 * `npm start`: the whole service on this machine, bound to loopback, ready to try out.
 *
 * Safe to kill at any moment and to start again: secrets are written once, migrations and demo sources are made
 * only where they are missing, and all state is in STATE_DIR.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { demoSources, makeDemoSource } from "./demo/sources.ts";
import { buildDashboard } from "./dashboard.ts";
import {
  devVarsPath,
  localSecret,
  origin,
  port,
  quietEnvironment,
  repository,
  wranglerPath,
} from "./local.ts";

const stateDirectory = resolve(repository, process.env["STATE_DIR"] || ".wrangler/state");
const answersWithinMs = 60_000;
/** The crons of wrangler.toml, which wrangler does not fire locally, and how often they would fire. */
const crons = [
  { pattern: "* * * * *", everyMs: 60_000 },
  { pattern: "17 * * * *", everyMs: 3_600_000 },
];
/** An instance that was told to end a moment ago may still hold the port. */
const portFreeWithinMs = 3_000;
/** Between asking wrangler to end and ending it. */
const stopGraceMs = 5_000;

let wrangler: ChildProcess | null = null;
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
if (process.env["npm_lifecycle_event"] !== undefined) stopWithParent();

try {
  await refuseTakenPort();
  writeSecretsOnce();
  await buildDashboard();
  await migrate();
  const ended = runWrangler("dev", [
    "--ip=127.0.0.1",
    `--port=${port}`,
    "--inspector-port=0",
    `--persist-to=${stateDirectory}`,
    `--env-file=${devVarsPath}`,
    `--log-level=${process.env["LOG_LEVEL"] || "error"}`,
    "--show-interactive-dev-session=false",
    ...previousKey(),
  ]);
  await Promise.race([ready(), ended]);
  const code = await ended;
  if (!stopping) throw new Error(`The service ended by itself (exit code ${code}).`);
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    stop();
  }
}

/** Wrangler binds the secrets that wrangler.toml requires; this one stands only while the other is being changed. */
function previousKey(): string[] {
  const previous = localSecret("ENCRYPTION_KEY_PREVIOUS");
  return previous === null || previous === "" ? [] : [`--var=ENCRYPTION_KEY_PREVIOUS:${previous}`];
}

/** Without this a second instance would greet the first one as itself. */
async function refuseTakenPort(): Promise<void> {
  const deadlineMs = Date.now() + portFreeWithinMs;
  for (;;) {
    const codes = await Promise.all(["127.0.0.1", "::1"].map(listenError));
    if (codes.includes("EACCES")) throw new Error(`Port ${port} needs rights that this user lacks.`);
    if (!codes.includes("EADDRINUSE")) return;
    if (Date.now() > deadlineMs) {
      throw new Error(`Port ${port} is taken. Stop what runs there, or choose another: PORT=8788 npm start`);
    }
    await wait(200);
  }
}

function listenError(host: string): Promise<string | null> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? null));
    probe.listen(port, host, () => probe.close(() => settle(null)));
  });
}

function writeSecretsOnce(): void {
  const text = [
    "# Secrets of this machine's own service, made by `npm start`. Never committed, never overwritten.",
    `ROOT_KEY=${randomBytes(32).toString("hex")}`,
    `ENCRYPTION_KEY=${randomBytes(32).toString("hex")}`,
    "# What subscriptions may call although it is not public: here, this machine.",
    "ALLOWED_TARGETS=localhost,127.0.0.1,[::1]",
    "",
  ].join("\n");
  try {
    writeFileSync(devVarsPath, text, { flag: "wx", mode: 0o600 });
    console.log("Wrote .dev.vars with fresh secrets.");
  } catch (error) {
    if (!existsSync(devVarsPath)) throw error;
  }
}

/** Wrangler alone needs seconds to find that there is nothing to do; a note of what was applied spares them. */
async function migrate(): Promise<void> {
  const directory = resolve(repository, "migrations");
  const hash = createHash("sha256");
  for (const name of readdirSync(directory).toSorted()) {
    hash.update(name).update(readFileSync(join(directory, name)));
  }
  const digest = hash.digest("hex");
  const notePath = join(stateDirectory, "migrations-applied");
  if (existsSync(notePath) && readFileSync(notePath, "utf8") === digest) return;
  console.log("Preparing the database …");
  mkdirSync(stateDirectory, { recursive: true });
  const code = await runWrangler("d1", [
    "migrations",
    "apply",
    "DB",
    "--local",
    `--persist-to=${stateDirectory}`,
    `--env-file=${devVarsPath}`,
  ]);
  if (stopping) throw new Error("stopped");
  if (code !== 0) throw new Error("The migrations could not be applied.");
  writeFileSync(notePath, digest);
}

/** Resolves with the exit code. Output of `d1` is shown only when it fails. */
function runWrangler(command: "dev" | "d1", parameters: readonly string[]): Promise<number> {
  const shown = command === "dev";
  const child = spawn(process.execPath, [wranglerPath, command, ...parameters], {
    cwd: repository,
    env: { ...process.env, ...quietEnvironment },
    stdio: ["ignore", shown ? "inherit" : "pipe", shown ? "inherit" : "pipe"],
  });
  wrangler = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0 && !stopping) process.stderr.write(output);
      settle(code ?? 1);
    });
  });
}

/** Waits for the answer of a service that has come up, makes the demo sources and says what there is. */
async function ready(): Promise<void> {
  const health = await healthOnceUp();
  const rootKey = localSecret("ROOT_KEY") ?? "";
  if (health.status !== 200) {
    console.error(`Serving at ${origin}, but not healthy (${health.status}): ${await health.text()}`);
    return;
  }
  fireCrons();
  for (const source of demoSources) await makeDemoSource(source, rootKey);
  console.log(`Tickline is ready at ${origin}

  root key    ${rootKey}
  dashboard   ${origin}/#key=${encodeURIComponent(rootKey)}
  try it      npm run demo
  demo doors  ${demoSources.map((source) => source.door).join("\n              ")}

State is in ${relative(process.cwd(), stateDirectory) || "."}. Ctrl-C stops.`);
}

/** One that fails has said so in the service's own output, and the next one makes up for it. */
function fireCrons(): void {
  for (const { pattern, everyMs } of crons) {
    const fire = (): void => {
      fetch(`${origin}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(pattern)}`).catch(() => {});
    };
    setInterval(fire, everyMs).unref();
  }
}

async function healthOnceUp(): Promise<Response> {
  const deadlineMs = Date.now() + answersWithinMs;
  for (;;) {
    try {
      const health = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(10_000) });
      // On a busy machine the database is slow at first; with secrets that will not do, waiting helps nobody.
      const isComing = !health.ok && (await health.clone().text()).includes("database");
      if (!isComing || Date.now() > deadlineMs) return health;
    } catch {
      if (stopping) throw new Error("stopped");
      if (Date.now() > deadlineMs) throw new Error(`No answer from ${origin} within a minute.`);
    }
    await wait(50);
  }
}

/** npm's shell does not pass signals on: when it is gone, so is whoever wanted this to run. */
function stopWithParent(): void {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || stop(), 250).unref();
}

/** Wrangler ends its own children; what hangs is killed. */
function stop(): void {
  stopping = true;
  const child = wrangler;
  if (child === null || child.exitCode !== null || child.signalCode !== null) process.exit();
  child.once("exit", () => process.exit());
  child.kill("SIGTERM");
  setTimeout(() => child.kill("SIGKILL"), stopGraceMs).unref();
}
