/** Where the repository, its tools and its local secrets are; shared by the scripts. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";

export const repository = resolve(import.meta.dirname, "..");
export const wranglerPath = resolve(repository, "node_modules/wrangler/bin/wrangler.js");
export const devVarsPath = resolve(repository, ".dev.vars");

/** Keeps wrangler from asking, reporting and looking for news: everything here works offline. */
export const quietEnvironment = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_SEND_METRICS: "false",
} as const;

export const port = portOf(process.env["PORT"]);
export const origin = `http://localhost:${port}`;

/** The environment wins over `.dev.vars`, as it does for the Worker itself. */
export function localSecret(name: string): string | null {
  return process.env[name] || (readDevVars()[name] ?? null);
}

function readDevVars(): Record<string, string | undefined> {
  try {
    return parseEnv(readFileSync(devVarsPath, "utf8"));
  } catch {
    return {};
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === "") return 8787;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new Error(`PORT must be a number from 1 to 65535, not ${JSON.stringify(text)}`);
}
