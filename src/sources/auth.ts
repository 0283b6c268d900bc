/**
 * The credentials of a source: completes what its owner gave, says what may be shown of it, and which sets hold.
 *
 * Nothing that leaves `shown` has a secret in it, and no entry leaves `complete` without each of its secrets.
 */
import * as z from "zod/mini";
import type { Failure, Issue } from "../model/failure.ts";
import { issuesOf } from "../model/issue.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import type { Provider } from "../providers/provider.ts";
import type { AuthEntry, AuthScheme } from "../providers/scheme.ts";
import { findScheme } from "../providers/schemes.ts";

/** What stands where a secret was. */
export const mask = "…";

const authEntrySchema = z.custom<AuthEntry>(
  (value) => isJsonObject(value) && typeof value["type"] === "string",
);

export interface AuthSet {
  readonly entries: readonly AuthEntry[];
  /** Null for the newest: until it is replaced. */
  readonly holdsUntilMs: number | null;
}

/** All that holds at a source, newest first. The older ones are on their way out. */
export const authSetsSchema: z.ZodMiniType<AuthSet[]> = z.array(
  z.strictObject({ entries: z.array(authEntrySchema), holdsUntilMs: z.nullable(z.int()) }),
);

export interface Completed {
  readonly entries: readonly AuthEntry[];
  /** Those of the entries for which we made a secret, to be shown this once. */
  readonly generated: readonly AuthEntry[];
}

/** Checks each entry by its scheme and makes the secrets that were left out. */
export function complete(
  provider: Provider,
  given: readonly JsonObject[],
  makeSecret: () => string,
): Result<Completed> {
  const issues: Issue[] = [];
  const entries: AuthEntry[] = [];
  const generated: AuthEntry[] = [];
  for (const [index, raw] of given.entries()) {
    const path = `auth[${index}]`;
    const checked = checkEntry(provider, raw, path);
    if (!checked.ok) {
      issues.push(...checked.failure);
      continue;
    }
    const { scheme, entry } = checked.value;
    const missing = scheme.secrets.filter((member) => !Object.hasOwn(entry, member));
    const made = scheme.generated ? missing.map((member) => [member, makeSecret()] as const) : [];
    if (!scheme.generated) {
      issues.push(
        ...missing.map((member) => issueAt(`${path}.${member}`, "is issued by the provider: give it here")),
      );
    }
    const whole = { ...entry, ...Object.fromEntries(made) };
    entries.push(whole);
    if (made.length > 0) generated.push(whole);
  }
  if (entries.filter((entry) => entry.type === "urlToken").length > 1) {
    issues.push(issueAt("auth", "has two URL tokens, but an address ends with one"));
  }
  return issues.length > 0 ? fail(refusal(issues)) : succeed({ entries, generated });
}

/** The same entries, without the secrets that we can make anew. */
export function withoutSecrets(provider: Provider, entries: readonly AuthEntry[]): JsonObject[] {
  return entries.map((entry) => {
    const secrets = findScheme(provider, entry.type)?.secrets ?? [];
    return Object.fromEntries(Object.entries(entry).filter(([member]) => !secrets.includes(member)));
  });
}

/** The entries as anybody with `sources:read` may see them. Of an unknown scheme nothing but its type. */
export function shown(provider: Provider | null, entries: readonly AuthEntry[]): JsonObject[] {
  return entries.map((entry) => {
    const scheme = provider === null ? null : findScheme(provider, entry.type);
    if (scheme === null) return { type: entry.type };
    return Object.fromEntries(
      Object.entries(entry).map(([member, value]) => [
        member,
        scheme.secrets.includes(member) ? mask : value,
      ]),
    );
  });
}

/** Puts a new set in front; the older ones hold until then, or until they would have ended anyway. */
export function rotateSets(
  sets: readonly AuthSet[],
  entries: readonly AuthEntry[],
  nowMs: number,
  overlapMs: number,
): AuthSet[] {
  const untilMs = nowMs + overlapMs;
  const older = sets
    .map((set) => ({ ...set, holdsUntilMs: Math.min(set.holdsUntilMs ?? untilMs, untilMs) }))
    .filter((set) => set.holdsUntilMs > nowMs);
  return [{ entries, holdsUntilMs: null }, ...older];
}

export function holdingEntries(sets: readonly AuthSet[], nowMs: number): (readonly AuthEntry[])[] {
  return sets
    .filter((set) => set.holdsUntilMs === null || set.holdsUntilMs > nowMs)
    .map((set) => set.entries);
}

/** Null where no older set holds any more. */
export function previousHoldsUntilMs(sets: readonly AuthSet[]): number | null {
  const ends = sets.flatMap((set) => (set.holdsUntilMs === null ? [] : [set.holdsUntilMs]));
  return ends.length === 0 ? null : Math.max(...ends);
}

function checkEntry(
  provider: Provider,
  raw: JsonObject,
  path: string,
): Result<{ scheme: AuthScheme; entry: AuthEntry }, Issue[]> {
  const type = raw["type"];
  const scheme = typeof type === "string" ? findScheme(provider, type) : null;
  if (scheme === null) return fail([issueAt(`${path}.type`, "is no way to authenticate at this provider")]);
  const secretIssues = scheme.secrets.flatMap((member) => {
    const fault = faultOfSecret(raw[member]);
    return fault === null ? [] : [issueAt(`${path}.${member}`, fault)];
  });
  const parsed = scheme.entry.safeParse(raw);
  if (!parsed.success && secretIssues.length === 0) return fail(issuesOf(parsed.error, path));
  if (!parsed.success || secretIssues.length > 0) return fail(secretIssues);
  return succeed({ scheme, entry: parsed.data });
}

function faultOfSecret(value: Json | undefined): string | null {
  if (value === mask) return "is the mask that is shown instead of the secret";
  // Blank counts as empty: a header of spaces arrives as one without value.
  if (typeof value === "string" && value.trim() === "") return "must not be empty";
  return null;
}

function issueAt(path: string, message: string): Issue {
  return { path, message };
}

function refusal(issues: readonly Issue[]): Failure {
  return { kind: "invalid", detail: "The credentials of the source are not right.", issues };
}
