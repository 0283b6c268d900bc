/**
 * `npm run fuzz`: at least `FUZZ_CASES` (100,000) odd inputs, from `FUZZ_SEED` or a fresh seed, which it prints. The same
 * seed brings the same inputs back; a failure prints the smallest input that shows it.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { quietEnvironment, repository } from "./local.ts";

const seed = process.env["FUZZ_SEED"] || String(randomInt(2 ** 31));
const cases = process.env["FUZZ_CASES"] || "100000";
console.log(`FUZZ_SEED=${seed} FUZZ_CASES=${cases}`);
const vitest = join(repository, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--reporter=verbose", "test/fuzz"], {
  cwd: repository,
  env: { ...process.env, ...quietEnvironment, FUZZ_SEED: seed, FUZZ_CASES: cases },
  stdio: "inherit",
});
console.log(`FUZZ_SEED=${seed} FUZZ_CASES=${cases}`);
process.exitCode = status ?? 1;
