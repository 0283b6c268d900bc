/**
 * `npm run deploy`: everything from an empty Cloudflare account to a healthy deployment; safe to run again.
 * `npm run deploy -- staging` does the same for an environment of wrangler.toml.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { buildDashboard } from "./dashboard.ts";
import { deploy, DeploymentError, type Said, type Tools } from "./deploy/steps.ts";
import { quietEnvironment, repository, wranglerPath } from "./local.ts";

const tools: Tools = {
  wrangler,
  environment: process.env,
  randomSecret: () => randomBytes(32).toString("hex"),
  say: (line) => console.log(line),
  wait: async (waitMs) => wait(waitMs),
  get: async (url) => {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    }
  },
  // Beside wrangler.toml, since its paths count from there. Holds ids, and nothing secret; not committed.
  writeConfiguration: async (text, environment) => {
    const name = environment === null ? "wrangler.deploy.toml" : `wrangler.deploy.${environment}.toml`;
    const path = resolve(repository, name);
    await writeFile(path, `# Made by npm run deploy from wrangler.toml; changes here are lost.\n${text}`);
    return path;
  },
  withSecretsFile: async (secrets, use) => {
    const directory = await mkdtemp(join(tmpdir(), "tickline-deploy-"));
    try {
      const path = join(directory, "secrets.json");
      await writeFile(path, JSON.stringify(secrets), { mode: 0o600 });
      return await use(path);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

try {
  await buildDashboard();
  const url = await deploy(
    tools,
    await readFile(resolve(repository, "wrangler.toml"), "utf8"),
    process.argv[2] ?? null,
  );
  console.log(`\nTickline is deployed and healthy at ${url}`);
} catch (error) {
  if (!(error instanceof DeploymentError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function wrangler(parameters: readonly string[]): Promise<Said> {
  const child = spawn(process.execPath, [wranglerPath, ...parameters], {
    cwd: repository,
    env: { ...process.env, ...quietEnvironment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      settle(code === 0 ? { ok: true, output } : { ok: false, complaint: `${output}${complaint}` });
    });
  });
}
