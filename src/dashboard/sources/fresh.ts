/** Credentials that were just made, kept in memory until the page is left: what the curl line needs to work at once. */
import { signal } from "@preact/signals";
import type { SourceWithCredentials } from "../api/sources.ts";
import type { ShownSecret } from "../parts/secret.tsx";

export const freshSource = signal<SourceWithCredentials | null>(null);

/** The secrets of a source that was just made or rotated, each with what it is for. */
export function secretsOf(source: SourceWithCredentials): ShownSecret[] {
  const masked = "…";
  return source.credentials.flatMap((entry) =>
    Object.entries(entry).flatMap(([name, value]) =>
      typeof value === "string" && value !== masked && isSecretName(entry.type, name)
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
