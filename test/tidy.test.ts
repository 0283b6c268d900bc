/** The rules of the house, each shown to find what is wrong before it is trusted to say that nothing is. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { version } from "../src/model/version.ts";
import * as purity from "./support/tidy/purity.ts";
import { importTable, unusedPlaces } from "./support/tidy/rooms.ts";
import type { Rule } from "./support/tidy/rule.ts";
import * as shape from "./support/tidy/shape.ts";
import { parseSource, readSources } from "./support/tidy/source.ts";

const root = resolve(import.meta.dirname, "..");
const rules: readonly Rule[] = [importTable, ...Object.values(purity), ...Object.values(shape)];
const sources = readSources(root, "src");
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

const lockfileSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() }),
  ),
});

describe.each(rules)("$name", ({ faults, bad }) => {
  test("holds in src", () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(faults(sources)).toEqual([]);
  });

  test("finds each bad example", () => {
    const examples = Object.entries(bad).map(([path, text]) => parseSource(path, text));
    const found = faults(examples);
    for (const { path } of examples) {
      expect(found).toContainEqual(expect.stringContaining(path));
    }
  });
});

test("the table of imports allows nothing that nobody needs", () => {
  expect(unusedPlaces(sources)).toEqual([]);
  expect(unusedPlaces(sources.filter(({ path }) => !path.startsWith("src/watch/")))).toContain("watch: log");
});

test("migrations are numbered without doubt, and say who writes and reads", () => {
  const names = readdirSync(join(root, "migrations"));
  const numbers = names.map((name) => /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
  expect(numbers).not.toContain(undefined);
  expect(new Set(numbers).size).toBe(names.length);
  for (const name of names) {
    const text = readFileSync(join(root, "migrations", name), "utf8");
    expect(text.trimStart().startsWith("--"), `${name} begins with a comment`).toBe(true);
    const tables = text.replaceAll(/--.*/g, "").match(/CREATE TABLE[^;]*;/g) ?? [];
    const keyedByText = tables.filter((table) => /TEXT[^,]* PRIMARY KEY|PRIMARY KEY \(/.test(table));
    expect(keyedByText.filter((table) => !table.includes("WITHOUT ROWID"))).toEqual([]);
  }
});

test("every migration's tables stand in docs/storage.md", () => {
  const storage = readFileSync(join(root, "docs/storage.md"), "utf8");
  const tables = readdirSync(join(root, "migrations"))
    .map((name) => readFileSync(join(root, "migrations", name), "utf8"))
    .flatMap((text) => [...text.matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)])
    .map((match) => String(match[1]));
  expect(tables.filter((table) => !storage.includes(`\`${table}\``))).toEqual([]);
});

test("nothing that is committed knows this machine, a registry or a secret", () => {
  const tells =
    /\/(?:home|Users|root|work)\/[\w.-]+\/|\bregistry\.[a-z]+\.[a-z]+|-----BEGIN [A-Z ]*PRIVATE KEY/;
  const texts = tracked.filter((path) => /\.(?:ts|tsx|json|md|toml|sql|html|css|sh)$|^\.ci\//.test(path));
  const faults = texts.filter((path) => tells.test(readFileSync(join(root, path), "utf8")));
  expect(texts.length).toBeGreaterThan(20);
  expect(faults.filter((path) => path !== "test/tidy.test.ts")).toEqual([]);
  expect(tracked).not.toContain(".dev.vars");
});

test("the lockfile names every platform's optional packages, or npm ci refuses it", () => {
  const { packages } = lockfileSchema.parse(
    JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")),
  );
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  const named = new Set(Object.keys(packages).map((path) => path.split("node_modules/").at(-1)));
  expect(optional.length).toBeGreaterThan(50);
  expect(optional.filter((name) => !named.has(name))).toEqual([]);
});

test("README.md fits on its page, and the release is the same everywhere", () => {
  expect(readFileSync(join(root, "README.md"), "utf8").split("\n").length).toBeLessThanOrEqual(120);
  expect(readFileSync(join(root, "package.json"), "utf8")).toContain(`"version": "${version}"`);
});
