/**
 * `npm run reference`: writes openapi.json, asyncapi.json and the pages of /docs to where the dashboard's build takes
 * them up. All of it is committed, and a test finds out when it is not what would be written now.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { asyncApi } from "../src/reference/asyncapi.ts";
import { openApi } from "../src/reference/openapi.ts";
import { sitePages } from "../src/reference/site/pages.ts";
import { repository } from "./local.ts";

/** Vite copies what is here as it is; the Worker's static assets serve it. */
export const servedDirectory = resolve(repository, "src/dashboard/public");
const documents = resolve(repository, "docs");
/** For who changes the service, not for who uses it. */
const unpublished = /^(?:README\.md$|decisions\/)/;

/** Every file of the reference: its name below the served directory, and its text. */
export function referenceFiles(): Map<string, string> {
  const guides = globSync("**/*.md", { cwd: documents })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((file) => !unpublished.test(file))
    .map((file) => ({ file, markdown: readFileSync(join(documents, file), "utf8") }));
  const styles = [
    "src/dashboard/styles/tokens.css",
    "src/dashboard/styles/plain.css",
    "src/reference/site/reference.css",
  ].map((path) => readFileSync(resolve(repository, path), "utf8"));
  return new Map([
    ["openapi.json", jsonText(openApi())],
    ["asyncapi.json", jsonText(asyncApi())],
    ["docs/reference.css", styles.join("\n")],
    ...sitePages(guides),
  ]);
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Old pages go last, so that none that stays is ever missing. */
function writeReference(): void {
  const files = referenceFiles();
  for (const [name, text] of files) {
    const path = join(servedDirectory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const pages = globSync("docs/**/*.*", { cwd: servedDirectory });
  for (const page of pages.filter((name) => !files.has(name))) rmSync(join(servedDirectory, page));
}

if (import.meta.main) writeReference();
