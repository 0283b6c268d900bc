/** What every service serves is built before the first one starts: two that build it at once would spoil each other's. */
import { execFileSync } from "node:child_process";
import { cleanEnvironment, repository } from "../support/service.ts";

export function setup(): void {
  execFileSync(process.execPath, ["scripts/dashboard.ts"], { cwd: repository, env: cleanEnvironment() });
}
