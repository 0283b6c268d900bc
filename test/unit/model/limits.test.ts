/** docs/limits.md is written from src/model/limits.ts, so that no limit is without its reason: `vitest run -u` renews it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as limits from "../../../src/model/limits.ts";

const source = readFileSync(join(import.meta.dirname, "../../../src/model/limits.ts"), "utf8");
/** A comment, and the limits of which it speaks. */
const entryForm = /\/\*\* (.*?) \*\/\s*((?:export const \w+ = .*;\n)+)/g;

interface Entry {
  readonly names: readonly string[];
  readonly reason: string;
}

const entries: readonly Entry[] = [...source.matchAll(entryForm)].map(([, reason = "", members = ""]) => ({
  names: [...members.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name),
  reason,
}));

test("every limit has a reason", () => {
  const explained = entries.flatMap(({ names }) => names);
  expect(explained.toSorted()).toEqual(Object.keys(limits).toSorted());
});

test("docs/limits.md says what src/model/limits.ts says", async () => {
  await expect(page()).toMatchFileSnapshot("../../../docs/limits.md");
});

function page(): string {
  const values = new Map<string, number>(Object.entries(limits));
  const rows = entries.map(({ names, reason }) => {
    const shown = names.map((name) => `\`${name}\``).join("<br>");
    const amounts = names.map((name) => amount(name, values.get(name) ?? Number.NaN)).join("<br>");
    return `| ${shown} | ${amounts} | ${reason} |`;
  });
  return `${introduction}\n${rows.join("\n")}\n`;
}

function amount(name: string, value: number): string {
  if (name === "earliestProviderTimeMs") return new Date(value).toISOString().slice(0, 10);
  if (name.includes("Bytes")) return bytes(value);
  if (name.includes("Ms")) return duration(value);
  if (name.includes("Seconds")) return duration(value * 1_000);
  return value.toLocaleString("en-GB");
}

function bytes(value: number): string {
  if (value % 1024 ** 2 === 0) return `${value / 1024 ** 2} MiB`;
  return value % 1024 === 0 ? `${value / 1024} KiB` : `${value} bytes`;
}

function duration(valueMs: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1_000, "s"],
  ] as const;
  // 24 h and 900 s are said as everybody says them.
  const unit = units.find(([sizeMs]) => valueMs % sizeMs === 0 && valueMs / sizeMs > 1);
  if (unit !== undefined) return `${valueMs / unit[0]} ${unit[1]}`;
  const single = units.find(([sizeMs]) => valueMs === sizeMs);
  if (single === undefined) return `${valueMs} ms`;
  return single[1] === "d" ? "24 h" : `1 ${single[1]}`;
}

const introduction = `# Limits

Every limit, with its reason. The table is written from \`src/model/limits.ts\` by a test.

What happens beyond a limit:

- A body that is too large is refused with 413 while it is read, whatever its \`Content-Length\` says. A provider's own
  limit (Meta: 3 MiB) stands in its folder.
- A value that is too long, too many or out of range is refused with 422 and its path.
- A list that is full (sources, keys, subscriptions, secrets that overlap) refuses one more with 409.
- What comes too often is refused with 429 and \`Retry-After\`. Only a source has a rate limit, and only if you give it one
  (\`rateLimit: { perSecond, burst }\`). It is a shield and not a quota: each isolate counts for itself, so more may pass. Some
  providers never repeat what was refused with 429; for these it loses statuses, so leave it out unless you are flooded.
- What a provider sends is cut or counted, never refused, where a status could be lost otherwise.

| limit | value | why |
|---|---|---|`;
