/**
 * What a webhook needs of its source: the settings, remembered for seconds, and a place to count what came in.
 *
 * A source that is not known is asked for each time, so that a new one works at once.
 */
import * as z from "zod/mini";
import { report } from "../log/report.ts";
import { sourceIdSchema } from "../model/access.ts";
import * as limits from "../model/limits.ts";
import type { AuthEntry } from "../providers/scheme.ts";
import { isSealedByCurrent, keyringOf, seal, sealingNonceBytes, unseal } from "../secrets/seal.ts";
import { type AuthSet, authSetsSchema, holdingEntries } from "./auth.ts";
import { type RateLimit, rateLimitSchema, type SourceStatus, sourceStatusSchema } from "./request.ts";
import { count, type Counts, giveBack, type Happening, pendingCounts, take, type Tallies } from "./tally.ts";

export interface SourceSettings {
  readonly id: string;
  readonly provider: string;
  readonly status: SourceStatus;
  /** Each set of entries is enough, if all of it holds: the current one first, then those that a rotation replaced. */
  readonly authSets: readonly (readonly AuthEntry[])[];
  readonly rateLimit: RateLimit | null;
}

interface Remembered {
  readonly settings: Omit<SourceSettings, "authSets">;
  readonly sets: readonly AuthSet[];
  /** When the read began: whatever was changed later may be missing. */
  readonly readAtMs: number;
}

const remembered = new Map<string, Remembered>();
const tallies: Tallies = new Map();

const rowSchema = z.strictObject({
  id: z.string(),
  provider: z.string(),
  status: sourceStatusSchema,
  sealed_auth: z.string(),
  rate_limit: z.nullable(z.string()),
});

/** `fresh` reads what is stored now, and remembers it; else it may be ten seconds old. Null: there is no such source. */
export async function loadSource(
  env: Env,
  id: string,
  { fresh }: { readonly fresh: boolean },
): Promise<SourceSettings | null> {
  const nowMs = Date.now();
  const known = remembered.get(id);
  if (!fresh && known !== undefined && nowMs - known.readAtMs < limits.accessCacheMsMax) {
    return settingsOf(known, nowMs);
  }
  const read = await readSource(env, id, nowMs);
  if (read === null) {
    remembered.delete(id);
    return null;
  }
  remembered.set(id, read);
  return settingsOf(read, nowMs);
}

/** May be ten seconds behind a deletion; a new source is seen at once. */
export async function sourceExists(env: Env, id: string): Promise<boolean> {
  return (await loadSource(env, id, { fresh: false })) !== null;
}

/** To be called after each change of a source, so that at least this isolate acts on it at once. */
export function forgetSource(id: string): void {
  remembered.delete(id);
}

/** Null where the key is missing that sealed them. */
export async function unsealSets(env: Env, id: string, sealed: string): Promise<AuthSet[] | null> {
  const clear = await unseal(keyringOf(env), sealPlace(id), sealed);
  return clear === null ? null : authSetsSchema.parse(JSON.parse(clear));
}

export async function sealSets(env: Env, id: string, sets: readonly AuthSet[]): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(sealingNonceBytes));
  return seal(keyringOf(env), sealPlace(id), JSON.stringify(sets), nonce);
}

function sealPlace(id: string): string {
  return `sources/${id}/sealed_auth`;
}

/** One webhook was authentic, and answered 200. */
export function noteReceived(env: Env, context: Background, source: string): void {
  note(env, context, source, "received");
}

/** One request had no credential or a wrong one. */
export function noteRefused(env: Env, context: Background, source: string): void {
  note(env, context, source, "refused");
}

/** One authentic webhook, or one item of it, was kept as rejected. */
export function noteRejected(env: Env, context: Background, source: string): void {
  note(env, context, source, "rejected");
}

/** One authentic webhook was about nothing that concerns us. */
export function noteIgnored(env: Env, context: Background, source: string): void {
  note(env, context, source, "ignored");
}

/** What this isolate has counted and not yet written. */
export function countedHere(source: string): Counts {
  return pendingCounts(tallies, source);
}

type Background = Pick<ExecutionContext, "waitUntil">;

function note(env: Env, context: Background, source: string, happening: Happening): void {
  const waitMs = count(tallies, source, happening, Date.now(), limits.activityWriteIntervalMs);
  if (waitMs !== null) context.waitUntil(writeCounts(env, source, waitMs));
}

async function writeCounts(env: Env, source: string, waitMs: number): Promise<void> {
  if (waitMs > 0) await scheduler.wait(waitMs);
  const counts = take(tallies, source, Date.now());
  if (counts === null) return;
  const lastReceivedAt =
    counts.lastReceivedAtMs === null ? null : new Date(counts.lastReceivedAtMs).toISOString();
  try {
    await env.DB.prepare(
      `UPDATE sources
       SET received = received + ?2, refused = refused + ?3, rejected = rejected + ?4, ignored = ignored + ?5,
           last_received_at = nullif(max(coalesce(last_received_at, ''), coalesce(?6, '')), '')
       WHERE id = ?1`,
    )
      .bind(source, counts.received, counts.refused, counts.rejected, counts.ignored, lastReceivedAt)
      .run();
  } catch (error) {
    // Counted again with the next write. If this one did succeed, some are counted twice: they are figures, not facts.
    giveBack(tallies, source, counts);
    report("source.countsUnwritten", { source, error });
  }
}

function settingsOf({ settings, sets }: Remembered, nowMs: number): SourceSettings {
  return { ...settings, authSets: holdingEntries(sets, nowMs) };
}

async function readSource(env: Env, id: string, readAtMs: number): Promise<Remembered | null> {
  // What can't be a source's id never reaches the database.
  if (!sourceIdSchema.safeParse(id).success) return null;
  const found = await env.DB.prepare(
    "SELECT id, provider, status, sealed_auth, rate_limit FROM sources WHERE id = ?",
  )
    .bind(id)
    .first();
  if (found === null) return null;
  const row = rowSchema.parse(found);
  const sets = await unsealSets(env, id, row.sealed_auth);
  // Then nobody can say whom to let in.
  if (sets === null) throw new Error("the credentials of a source were sealed under a key that is not set");
  if (!(await isSealedByCurrent(keyringOf(env), row.sealed_auth))) {
    await sealAgain(env, id, row.sealed_auth, sets);
  }
  const rateLimit = row.rate_limit === null ? null : rateLimitSchema.parse(JSON.parse(row.rate_limit));
  return { settings: { id: row.id, provider: row.provider, status: row.status, rateLimit }, sets, readAtMs };
}

/** After the deployment's key was changed: so each source in use comes under the new one by itself. */
async function sealAgain(env: Env, id: string, sealed: string, sets: readonly AuthSet[]): Promise<void> {
  await env.DB.prepare("UPDATE sources SET sealed_auth = ?3 WHERE id = ?1 AND sealed_auth = ?2")
    .bind(id, sealed, await sealSets(env, id, sets))
    .run();
}
