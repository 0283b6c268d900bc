/**
 * Builds the dashboard into dist/dashboard, which wrangler serves and uploads beside the Worker, with the pictures of the
 * documents that are served there.
 *
 * A build of the very same sources is left as it is: a service that runs from it must not find it gone for a moment.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "vite";
import { repository } from "./local.ts";

const pictures = "docs/images";
const inputs = ["src/dashboard", "src/client", pictures, "vite.config.ts", "package-lock.json"];
const notePath = resolve(repository, "dist/dashboard.digest");
const directory = resolve(repository, "dist/dashboard");

export async function buildDashboard(): Promise<void> {
  const digest = digestOf(inputs.map((input) => resolve(repository, input)));
  // Not the folder: the tests' configuration makes an empty one where there is none.
  const isBuilt =
    existsSync(join(directory, "index.html")) &&
    existsSync(notePath) &&
    readFileSync(notePath, "utf8") === digest;
  if (isBuilt) return;
  // Made aside and put in its place whole: two that build at once, as two services that start, each make a whole one.
  mkdirSync(resolve(repository, "dist"), { recursive: true });
  const draft = mkdtempSync(resolve(repository, "dist/dashboard-"));
  try {
    await build({
      configFile: resolve(repository, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: draft, emptyOutDir: true },
    });
    cpSync(resolve(repository, pictures), join(draft, pictures), { recursive: true });
    chmodSync(draft, 0o755);
    putInPlace(draft);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  writeFileSync(notePath, digest);
}

/** What somebody else puts there at the same moment is of the same sources, and as good. */
function putInPlace(draft: string): void {
  const old = `${draft}-old`;
  try {
    if (existsSync(directory)) renameSync(directory, old);
    renameSync(draft, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesOf)) {
    hash.update(relative(repository, path)).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** The files below a folder, always in the same order; a file is its own. */
function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).toSorted();
  return names.map((name) => join(path, name)).filter((found) => statSync(found).isFile());
}

if (import.meta.main) await buildDashboard();
