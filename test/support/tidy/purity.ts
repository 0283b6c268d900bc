/** Who may meet the clock, chance, the network and the database: the shell, by its file names, and nobody else. */
import { isBrowser, isShell, type Rule } from "./rule.ts";
import { isNode, nameOf, nodesOf, type Source, type SyntaxNode } from "./source.ts";

const platformCalls = new Set([
  "caches.open",
  "crypto.getRandomValues",
  "crypto.randomUUID",
  "Date",
  "Date.now",
  "fetch",
  "globalThis.fetch",
  "Math.random",
  "performance.now",
  "queueMicrotask",
  "scheduler.wait",
  "setInterval",
  "setTimeout",
]);

export const pureFilesStayPure: Rule = {
  name: "clock, chance, network and platform are met in shell files only",
  faults: (sources) =>
    sources
      .filter(({ path }) => !isShell(path) && !isBrowser(path))
      .flatMap((source) => [
        ...source.imports
          .filter(({ specifier, typeOnly }) => !typeOnly && /^(?:hono|cloudflare:)/.test(specifier))
          .map(({ specifier }) => `${source.path} imports ${specifier}`),
        ...[...nodesOf(source.program)]
          .filter(meetsPlatform)
          .map((node) => `${source.path}: ${snippet(source, node)}`),
      ]),
  bad: {
    "src/message/reducer.ts": "export const a = Date.now();",
    "src/message/order.ts": "export const a = new Date();",
    "src/model/identity.ts": "export const a = crypto.randomUUID();",
    "src/model/chance.ts": "export const a = `${Math.random()}`;",
    "src/secrets/seal.ts": "crypto.getRandomValues(new Uint8Array(12));",
    "src/subscriptions/deliver.ts": "export const a = () => fetch('x');",
    "src/subscriptions/retry.ts": "setTimeout(() => {}, 1);",
    "src/ingest/intake.ts": "console.log(1);",
    "src/feed/page.ts": `import { Hono } from "hono";`,
    "src/feed/token.ts": `import { env } from "cloudflare:workers";`,
    "src/providers/store.ts": "export const a = Date.now();",
  },
};

export const linesAreReported: Rule = {
  name: "only log/report.ts writes to the console, in words that docs/operations.md explains",
  faults: (sources) =>
    sources
      .filter(({ path }) => path !== "src/log/report.ts" && !isBrowser(path))
      .flatMap((source) =>
        [...nodesOf(source.program)]
          .filter((node) => node.type === "MemberExpression" && nameOf(node["object"]) === "console")
          .map((node) => `${source.path}: ${snippet(source, node)}`),
      ),
  bad: {
    "src/ingest/route.ts": "export const a = () => console.log(1);",
    "src/index.ts": "console.error(1);",
  },
};

export const sqlStandsInStores: Rule = {
  name: "SQL stands in store.ts",
  faults: (sources) =>
    sources
      .filter(({ path }) => !path.endsWith("/store.ts"))
      .flatMap((source) =>
        textsOf(source)
          .filter((text) =>
            /^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH)\s+\S/.test(text),
          )
          .map((text) => `${source.path}: ${text.trim().slice(0, 60)}`),
      ),
  bad: {
    "src/history/route.ts": "export const a = `SELECT 1`;",
    "src/feed/object.ts": "sql.exec('DELETE FROM log WHERE id < ?');",
  },
};

export const insertsSayOnConflict: Rule = {
  name: "every INSERT says ON CONFLICT, so that it may run twice",
  faults: (sources) =>
    sources.flatMap((source) =>
      textsOf(source)
        .filter((text) => /\bINSERT\s+(?:INTO|OR)\b/.test(text) && !/\bON CONFLICT\b/.test(text))
        .map((text) => `${source.path}: ${text.trim().slice(0, 60)}`),
    ),
  bad: {
    "src/history/store.ts": "export const a = `INSERT INTO events (id) VALUES (${x})`;",
    "src/keys/store.ts": "export const a = 'INSERT OR REPLACE INTO keys VALUES (?)';",
  },
};

export const jsonIsParsedNotCast: Rule = {
  name: "parsed JSON is never cast",
  faults: (sources) =>
    sources.flatMap((source) =>
      [...nodesOf(source.program)]
        .filter((node) => node.type === "TSAsExpression" && isParsedJson(node["expression"]))
        .map((node) => `${source.path}: ${snippet(source, node)}`),
    ),
  bad: {
    "src/message/store.ts": "export const a = JSON.parse(text) as Event;",
    "src/feed/route.ts": "export const a = (await request.json()) as Event;",
  },
};

function meetsPlatform(node: SyntaxNode): boolean {
  if (node.type === "CallExpression") return platformCalls.has(nameOf(node["callee"]) ?? "");
  if (node.type === "MemberExpression") return nameOf(node["object"]) === "console";
  if (node.type !== "NewExpression") return false;
  const made = nameOf(node["callee"]);
  if (made === "WebSocket" || made === "WebSocketPair") return true;
  return made === "Date" && Array.isArray(node["arguments"]) && node["arguments"].length === 0;
}

function isParsedJson(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.type === "AwaitExpression") return isParsedJson(node["argument"]);
  if (node.type === "ParenthesizedExpression") return isParsedJson(node["expression"]);
  if (node.type !== "CallExpression") return false;
  const callee = nameOf(node["callee"]) ?? "";
  return callee === "JSON.parse" || callee.endsWith(".json");
}

/** Every string of the file; of a template the whole, with `?` for what is filled in. */
function textsOf(source: Source): string[] {
  return [...nodesOf(source.program)].flatMap((node) => {
    if (node.type === "Literal" && typeof node["value"] === "string") return [node["value"]];
    if (node.type !== "TemplateLiteral" || !Array.isArray(node["quasis"])) return [];
    return [node["quasis"].filter(isNode).map(rawText).join("?")];
  });
}

function rawText(quasi: SyntaxNode): string {
  const value = quasi["value"];
  return typeof value === "object" && value !== null && "raw" in value ? String(value.raw) : "";
}

function snippet(source: Source, node: SyntaxNode): string {
  return source.text.slice(Number(node["start"]), Number(node["end"])).split("\n")[0]?.slice(0, 80) ?? "";
}
