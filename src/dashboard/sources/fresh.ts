/** Credentials that were just made, kept in memory until the page is left: what the curl line needs to work at once. */
import { signal } from "@preact/signals";
import type { Source, SourceWithCredentials } from "../api/sources.ts";
import type { AuthEntry } from "./authEntry.ts";
import type { ShownSecret } from "../parts/secret.tsx";
import { mask } from "./quoting.ts";

export const freshSource = signal<SourceWithCredentials | null>(null);

/** The sources for trying out on one's own machine have credentials that everybody knows. */
export function asDemo(source: Source): Source {
  if (!source.id.startsWith("demo-")) return source;
  const known: Readonly<Record<string, string>> = { token: "demo", value: valueOf(source) };
  const auth = source.auth.map((entry): AuthEntry => {
    const found = Object.entries(entry).filter(([name, value]) => value === mask && name in known);
    return { ...entry, ...Object.fromEntries(found.map(([name]): [string, unknown] => [name, known[name]])) };
  });
  return { ...source, auth, ingestUrl: source.ingestUrl.replace(/\/(?:…|%E2%80%A6)$/, "/demo") };
}

function valueOf({ auth }: Source): string {
  return auth.some(({ name }) => name === "Authorization") ? "Bearer demo" : "demo";
}

/** The secrets of a source that was just made or rotated, each with what it is for. */
export function secretsOf(source: SourceWithCredentials): ShownSecret[] {
  return source.credentials.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) =>
      typeof value === "string" && value !== mask && isSecretName(entry.type, name)
        ? [{ label: labelOf(entry, name), value }]
        : [],
    ),
  );
}

/** Public members of an entry: what it is and where it stands. */
const plain = new Set(["type", "name", "header", "encoding", "prefix", "username", "algorithm"]);

function isSecretName(type: string, name: string): boolean {
  return type !== "urlToken" && !plain.has(name);
}

function labelOf(entry: { readonly type: string } & Readonly<Record<string, unknown>>, name: string): string {
  const place = entry["name"] ?? entry["header"];
  return typeof place === "string" ? `Value of the header ${place}` : `${entry.type}: ${name}`;
}
