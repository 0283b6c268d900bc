/** Which room may import which: the table of docs/decisions/0001, as a rule. */
import type { Rule } from "./rule.ts";
import type { Import, Source } from "./source.ts";

/** A room, or one file of a room. `type:` allows types alone. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  log: [],
  secrets: ["model"],
  http: ["log", "model", "secrets"],
  stream: ["log", "model"],
  providers: ["model", "secrets/compare.ts"],
  sources: ["log", "http", "model", "providers", "secrets"],
  keys: ["log", "http", "model", "secrets"],
  ingest: ["log", "http", "model", "providers", "sources", "secrets"],
  message: ["log", "model", "stream"],
  fanout: ["log", "model", "history", "subscriptions/store.ts"],
  history: ["log", "http", "model"],
  erasure: ["log", "http", "model", "fanout/store.ts", "history", "ingest/rejected/store.ts"],
  feed: ["log", "http", "model", "stream", "secrets", "keys/store.ts"],
  subscriptions: ["log", "http", "model", "secrets", "type:providers"],
  watch: ["log", "model", "sources/records/store.ts", "ingest/rejected/store.ts", "subscriptions/store.ts"],
  // Describes the bodies of the stages by their own schemas; nobody imports it but its script.
  reference: [
    "model",
    "stream",
    "feed/grant.ts",
    "keys/request.ts",
    "sources/request.ts",
    "subscriptions/request.ts",
    "subscriptions/scenarios/parse.ts",
  ],
  client: ["type:stream", "type:model"],
  dashboard: ["client", "type:model"],
};

/** Packages that only some rooms may use; every other package is open to all but the browser's rooms. */
const packageRooms: Readonly<Record<string, readonly string[]>> = {
  "ipaddr.js": ["subscriptions"],
  jose: ["providers"],
  marked: ["reference"],
  preact: ["dashboard"],
};

export const importTable: Rule = {
  name: "a room imports only what the table allows",
  faults: (sources) =>
    sources.flatMap((source) =>
      source.imports
        .filter((imported) => !mayImport(source, imported))
        .map((imported) => `${source.path} imports ${imported.specifier}`),
    ),
  bad: {
    "src/model/a.ts": `import { x } from "../http/page.ts";`,
    "src/ingest/a.ts": `import { x } from "../message/object.ts";`,
    "src/fanout/a.ts": `import { x } from "../subscriptions/object.ts";`,
    "src/providers/one/index.ts": `import { x } from "../two/status.ts";`,
    "src/subscriptions/a.ts": `import { x } from "../providers/index.ts";`,
    "src/history/a.ts": `import { x } from "../index.ts";`,
    "src/history/b.ts": `export const x = await import("../feed/object.ts");`,
    "src/feed/a.ts": `type X = import("../message/object.ts").X;`,
    "src/unheardof/a.ts": `import { x } from "../model/status.ts";`,
    "src/model/b.ts": `import { x } from "jose";`,
    "src/client/a.ts": `import * as z from "zod";`,
    "src/feed/b.ts": `import { x } from "../reference/openapi.ts";`,
  },
};

function mayImport(source: Source, imported: Import): boolean {
  const from = roomOf(source.path);
  if (source.path === "src/index.ts") return true;
  if (imported.path === null) return mayImportPackage(from, imported.specifier);
  if (!imported.path.startsWith("src/")) return false;
  const to = roomOf(imported.path);
  if (from === to) return from !== "providers" || isSameProvider(source.path, imported.path);
  const places = allowed[from] ?? [];
  return [to, imported.path.replace("src/", "")].some(
    (place) => places.includes(place) || (imported.typeOnly && places.includes(`type:${place}`)),
  );
}

function mayImportPackage(room: string, specifier: string): boolean {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const rooms = packageRooms[name.replace("@preact/signals", "preact")];
  if (rooms !== undefined) return rooms.includes(room);
  return room !== "client" && room !== "dashboard";
}

/** A provider may use what stands beside all of them, and never another one. The registry knows them all. */
function isSameProvider(from: string, to: string): boolean {
  const folder = /^src\/providers\/([^/]+)\//;
  const target = folder.exec(to)?.[1];
  return target === undefined || target === folder.exec(from)?.[1] || from === "src/providers/index.ts";
}

function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}
