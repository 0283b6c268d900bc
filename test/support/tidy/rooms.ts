/** Which room may import which: the table of docs/decisions/0001, as a rule. */
import type { Rule } from "./rule.ts";
import type { Import, Source } from "./source.ts";

type Lines = Readonly<Record<string, readonly string[]>>;
interface Table {
  readonly rooms: Lines;
  readonly packages: Lines;
}

/** A room, or one file of a room. `type:` allows types alone. */
const rooms: Lines = {
  model: [],
  log: [],
  secrets: [],
  http: ["log", "model", "secrets"],
  stream: ["log", "model"],
  providers: ["model", "secrets/compare.ts"],
  sources: ["log", "http", "model", "providers", "secrets"],
  keys: ["log", "http", "model", "secrets"],
  ingest: ["log", "http", "model", "providers", "sources"],
  message: ["log", "model", "stream"],
  fanout: ["log", "model", "history", "subscriptions/store.ts"],
  history: ["log", "http", "model"],
  erasure: ["log", "http", "model", "fanout/store.ts", "history", "ingest/rejected/store.ts"],
  feed: ["log", "http", "model", "stream", "secrets", "keys/store.ts"],
  subscriptions: ["log", "http", "model", "secrets"],
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
const packages: Lines = {
  "ipaddr.js": ["subscriptions"],
  marked: ["reference"],
  preact: ["dashboard"],
};

export const importTable: Rule = {
  name: "a room imports only what the table allows",
  faults: (sources) => faultsUnder({ rooms, packages }, sources),
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
    "src/model/b.ts": `import { x } from "marked";`,
    "src/client/a.ts": `import * as z from "zod";`,
    "src/feed/b.ts": `import { x } from "../reference/openapi.ts";`,
  },
};

/** What of the table nobody needs: without it nothing would be refused that is not now. */
export function unusedPlaces(sources: readonly Source[]): string[] {
  const faults = importTable.faults(sources).length;
  const isUnused = (table: Table) => faultsUnder(table, sources).length === faults;
  return [
    ...eachLess(rooms).flatMap(([place, less]) => (isUnused({ rooms: less, packages }) ? [place] : [])),
    ...eachLess(packages).flatMap(([place, less]) => (isUnused({ rooms, packages: less }) ? [place] : [])),
  ];
}

/** Each place of a line, and the lines without it. */
function eachLess(lines: Lines): ReadonlyArray<readonly [place: string, less: Lines]> {
  return Object.entries(lines).flatMap(([name, places]) =>
    places.map((place) => {
      const less = { ...lines, [name]: places.filter((other) => other !== place) };
      return [`${name}: ${place}`, less] as const;
    }),
  );
}

function faultsUnder(table: Table, sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((imported) => !mayImport(table, source, imported))
      .map((imported) => `${source.path} imports ${imported.specifier}`),
  );
}

function mayImport(table: Table, source: Source, imported: Import): boolean {
  const from = roomOf(source.path);
  if (source.path === "src/index.ts") return true;
  if (imported.path === null) return mayImportPackage(table, from, imported.specifier);
  if (!imported.path.startsWith("src/")) return false;
  const to = roomOf(imported.path);
  if (from === to) return from !== "providers" || isSameProvider(source.path, imported.path);
  const places = table.rooms[from] ?? [];
  return [to, imported.path.replace("src/", "")].some(
    (place) => places.includes(place) || (imported.typeOnly && places.includes(`type:${place}`)),
  );
}

function mayImportPackage(table: Table, room: string, specifier: string): boolean {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const only = table.packages[name.replace("@preact/signals", "preact")];
  if (only !== undefined) return only.includes(room);
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
