/** The service as a user starts it: `scripts/start.ts` in a process group of its own, on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { parseEnv } from "node:util";

export const repository = resolve(import.meta.dirname, "../..");

const readyWithinMs = 180_000;

export interface Service {
  readonly origin: string;
  readonly port: number;
  readonly rootKey: string;
  /** All that it printed so far. */
  readonly output: () => string;
  /** Ends as a terminal's Ctrl-C does. Resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
  /** `kill -9` of every process of it, at once. */
  readonly kill: () => Promise<number | null>;
}

export interface ServiceOptions {
  readonly port: number;
  readonly stateDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function startService(options: ServiceOptions): Promise<Service> {
  const { child, output, ended } = spawnStart(options);
  const pid = child.pid ?? 0;
  /** Whatever the group still has: a process that hangs would keep the port and the state. */
  const endGroup = (): void => {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // There is none left.
    }
  };
  try {
    await ready(child, output);
  } catch (error) {
    endGroup();
    throw error;
  }
  const end = (signal: NodeJS.Signals, target: number) => async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(target, signal);
    const code = await ended;
    endGroup();
    return code;
  };
  return {
    origin: `http://localhost:${options.port}`,
    port: options.port,
    rootKey: options.environment?.["ROOT_KEY"] ?? devVar("ROOT_KEY"),
    output,
    stop: end("SIGINT", pid),
    kill: end("SIGKILL", -pid),
  };
}

/** For a start that is expected to fail. */
export async function failToStart(options: ServiceOptions): Promise<{ code: number | null; output: string }> {
  const { output, ended } = spawnStart(options);
  return { code: await ended, output: output() };
}

export function freePort(): Promise<number> {
  return new Promise((settle) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => settle(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The tests' own secrets and mode, which vitest puts into the environment, are not this service's. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...environment } = process.env;
  return { ...environment, ROOT_KEY: "", ENCRYPTION_KEY: "" };
}

function spawnStart({ port, stateDirectory, environment = {} }: ServiceOptions) {
  const child = spawn(process.execPath, ["scripts/start.ts"], {
    cwd: repository,
    detached: true,
    env: { ...cleanEnvironment(), ...environment, PORT: String(port), STATE_DIR: stateDirectory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = new Promise<number | null>((settle) => child.once("close", settle));
  return { child, output: () => text, ended };
}

function ready(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((settle, reject) => {
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(new Error(`the service did not get ready:\n${output()}`));
    };
    const timer = setTimeout(giveUp, readyWithinMs);
    child.once("exit", giveUp);
    child.stdout?.on("data", () => {
      if (!output().includes("is ready at")) return;
      clearTimeout(timer);
      settle();
    });
  });
}

function devVar(name: string): string {
  return parseEnv(readFileSync(resolve(repository, ".dev.vars"), "utf8"))[name] ?? "";
}
