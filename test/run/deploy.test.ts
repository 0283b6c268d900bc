/** `npm run deploy` as it is, with the real wrangler, against an account that a stand-in keeps on loopback. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Account, openAccount } from "../support/cloudflare.ts";
import { cleanEnvironment, repository } from "../support/service.ts";

const directory = mkdtempSync(join(tmpdir(), "tickline-deploy-"));
let account: Account;

beforeAll(async () => {
  account = await openAccount();
  // A copy, since it writes a file that a developer of this repository may have a use for.
  for (const name of ["src", "scripts", "migrations", "docs", "dist", "package.json", "package-lock.json"]) {
    cpSync(join(repository, name), join(directory, name), { recursive: true });
  }
  for (const name of ["wrangler.toml", "vite.config.ts", "tsconfig.json"]) {
    cpSync(join(repository, name), join(directory, name));
  }
  symlinkSync(join(repository, "node_modules"), join(directory, "node_modules"));
});

afterAll(() => {
  account.close();
  rmSync(directory, { recursive: true, force: true });
});

test("an empty account becomes a deployment, and a second run finds everything and replaces no secret", async () => {
  const first = await deploy();
  expect(first).toContain("Tickline is deployed and healthy at https://tickline.someone.workers.dev");
  expect(account.unknown).toEqual([]);
  expect([...account.queues.keys()]).toEqual(["tickline-events", "tickline-events-dead"]);
  expect([...account.queues.values()].map((consumers) => [...consumers])).toEqual([
    ["tickline"],
    ["tickline"],
  ]);
  const tables = account.databases.get("tickline")?.prepare("SELECT name FROM sqlite_master").all() ?? [];
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(["messages", "events", "sources"]));
  const made = account.scripts.get("tickline");
  expect(made).toMatchObject({
    migrationTag: "v1",
    isOnWorkersDev: true,
    crons: ["* * * * *", "17 * * * *"],
  });
  expect(made?.bindings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: "DB", type: "d1", id: "id-of-tickline" }),
      expect.objectContaining({ name: "EVENTS", type: "queue", queue_name: "tickline-events" }),
      expect.objectContaining({ name: "ASSETS", type: "assets" }),
    ]),
  );
  expect([...(made?.secrets.keys() ?? [])]).toEqual(["ROOT_KEY", "ENCRYPTION_KEY"]);
  for (const secret of made?.secrets.values() ?? []) expect(first).toContain(secret);
  const written = readFileSync(join(directory, "wrangler.deploy.toml"), "utf8");
  for (const secret of made?.secrets.values() ?? []) expect(written).not.toContain(secret);

  account.changes.length = 0;
  const second = await deploy();
  expect(second).toContain("deployed and healthy");
  expect(second).not.toContain("shown this once");
  expect(account.changes).not.toContain("POST /d1/database");
  expect(account.changes).not.toContain("POST /queues");
  expect(account.scripts.get("tickline")?.secrets).toEqual(made?.secrets);
  expect(account.scripts.size).toBe(1);
});

/** What it prints; throws if it fails. */
async function deploy(): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", workersDevAt(account.origin), "scripts/deploy.ts"],
    { cwd: directory, env: { ...cleanEnvironment(), ...account.environment, PUBLIC_URL: "" } },
  );
  return stdout;
}

/** Where the address that wrangler names is not reached, but the stand-in. */
function workersDevAt(origin: string): string {
  const code = `const real = fetch;
    globalThis.fetch = (url, options) => real(url.replace(/^https:.*?workers\\.dev/, "${origin}"), options);`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
