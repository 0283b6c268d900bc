import { mkdirSync } from "node:fs";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

/** Also in the environment, where wrangler looks for them before the bindings below count. */
const secrets = {
  ROOT_KEY: "test-root-key-0123456789-abcdefghijklmnop",
  ENCRYPTION_KEY: "test-encryption-key-0123456789-abcdefghi",
};
Object.assign(process.env, secrets);

/** See test/support/fuzz.ts. */
const fuzz = {
  fuzzCases: Number(process.env["FUZZ_CASES"] || 2_500),
  fuzzSeed: Number(process.env["FUZZ_SEED"] || 1),
};

/** wrangler.toml names it, and refuses to be read without it; what is in it matters to the browser tests only. */
mkdirSync("dist/dashboard", { recursive: true });

/** Far above what any test takes on an idle machine: no test here is about time, and a busy machine is no failure. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };
/** The same for what other processes do: a service that starts, a page that settles, a compiler. */
const longPatience = { testTimeout: 300_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } };

/** What these test is pure and leaves nothing behind: a process for each file would double their time. */
const shared = { isolate: false };

/** Pure files and the house's own rules run in Node; shells run in the real runtime. */
export default defineConfig({
  test: {
    silent: "passed-only",
    // On two cores: what waits for another process leaves room for a third.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          ...patience,
          ...shared,
          // workerd has Uint8Array's toHex and toBase64; this Node has them behind a flag.
          execArgv: ["--js-base-64"],
          include: ["test/unit/**/*.test.ts", "test/tidy.test.ts"],
        },
      },
      {
        test: {
          name: "contract",
          ...patience,
          ...shared,
          execArgv: ["--js-base-64"],
          include: ["test/contract/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "fuzz",
          execArgv: ["--js-base-64"],
          include: ["test/fuzz/*.test.ts"],
          provide: fuzz,
          testTimeout: 20 * 60_000,
        },
      },
      {
        test: {
          name: "run",
          ...longPatience,
          include: ["test/run/**/*.test.ts"],
          globalSetup: ["test/run/built.ts"],
        },
      },
      {
        test: {
          name: "browser",
          ...longPatience,
          // All files share one service, and each expects to find there what it made itself.
          fileParallelism: false,
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/browser/service.ts"],
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                FAULTS_MESSAGES: process.env["FAULTS_MESSAGES"] ?? "",
                FAULTS_SEED: process.env["FAULTS_SEED"] ?? "",
                TEST_MIGRATIONS: await readD1Migrations("./migrations"),
                ...secrets,
                // As in wrangler.toml, whatever a local .dev.vars says.
                PUBLIC_URL: "",
                ALLOWED_TARGETS: "",
                ALLOWED_ORIGINS: "",
              },
            },
          })),
        ],
        test: {
          name: "workers",
          ...patience,
          include: ["test/workers/**/*.test.ts", "test/fuzz/workers/*.test.ts"],
          provide: fuzz,
          setupFiles: ["test/support/migrate.ts"],
        },
      },
    ],
  },
});
