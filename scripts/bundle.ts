/** Builds the Worker as a deployment would, and refuses one that is over its budget when zipped. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { quietEnvironment, repository, wranglerPath } from "./local.ts";

/** A Worker's start-up time grows with its code; the platform allows far more. */
const bundleKiBMax = 100;

const directory = mkdtempSync(join(tmpdir(), "tickline-bundle-"));
try {
  // Both must deploy; the last one's files are weighed, and they are the same.
  for (const environment of ["", "staging"]) {
    const parameters = ["deploy", "--dry-run", "--minify", "--outdir", directory, "--env", environment];
    execFileSync(process.execPath, [wranglerPath, ...parameters], {
      cwd: repository,
      env: { ...process.env, ...quietEnvironment },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  const scripts = readdirSync(directory).filter((name) => name.endsWith(".js"));
  const bytes = scripts.reduce(
    (total, name) => total + gzipSync(readFileSync(join(directory, name)), { level: 9 }).byteLength,
    0,
  );
  console.log(`       ${(bytes / 1024).toFixed(1)} KiB gz of ${bundleKiBMax}`);
  if (scripts.length === 0 || bytes > bundleKiBMax * 1024) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
