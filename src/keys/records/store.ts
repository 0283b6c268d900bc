/** The table of keys, as those who manage them see it. A change takes effect here first, then in every isolate's memory. */
import * as z from "zod/mini";
import { scopeSchema } from "../../model/access.ts";
import * as limits from "../../model/limits.ts";
import { jsonText } from "../../model/text.ts";
import type { Access } from "../grant.ts";

export interface KeyRecord extends Access {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

export interface NewKey extends Access {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
}

/** The place of a key in a list: newest first. */
export const keyPositionSchema = z.tuple([z.string(), z.string()]);
export type KeyPosition = z.infer<typeof keyPositionSchema>;

const rowSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: jsonText(z.array(scopeSchema)),
  sources: z.nullable(jsonText(z.array(z.string()))),
  created_at: z.string(),
  expires_at: z.nullable(z.string()),
  last_used_at: z.nullable(z.string()),
});

export async function createKey(env: Env, key: NewKey, nowMs: number): Promise<"created" | "full"> {
  const createdAt = timeText(nowMs);
  const [inserted] = await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO keys (id, name, scopes, sources, created_at, expires_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE (SELECT count(*) FROM keys) < ?7
       ON CONFLICT (id) DO NOTHING`,
    ).bind(
      key.id,
      key.name,
      JSON.stringify(key.scopes),
      sourcesText(key.sources),
      createdAt,
      expiryText(key.expiresAtMs),
      limits.keysMax,
    ),
    insertSecret(env, key.id, key.hash),
  ]);
  return inserted?.meta.changes === 0 ? "full" : "created";
}

export async function readKey(env: Env, id: string): Promise<KeyRecord | null> {
  const row = await env.DB.prepare(
    "SELECT id, name, scopes, sources, created_at, expires_at, last_used_at FROM keys WHERE id = ?",
  )
    .bind(id)
    .first();
  return row === null ? null : recordOf(row);
}

/** Newest first. Of somebody bound to sources: only the keys that are bound to some of these. */
export async function listKeys(
  env: Env,
  visible: readonly string[] | null,
  after: KeyPosition | null,
  rowsMax: number,
): Promise<KeyRecord[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, name, scopes, sources, created_at, expires_at, last_used_at FROM keys
     WHERE (?1 IS NULL OR (sources IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM json_each(keys.sources) WHERE value NOT IN (SELECT value FROM json_each(?1)))))
       AND (?2 IS NULL OR (created_at, id) < (?2, ?3))
     ORDER BY created_at DESC, id DESC
     LIMIT ?4`,
  )
    .bind(sourcesText(visible), after?.[0] ?? null, after?.[1] ?? null, rowsMax)
    .all();
  return results.map(recordOf);
}

/** Writes only what was asked to change, so that two changes at once both count. */
export async function changeKey(
  env: Env,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly scopes?: readonly string[] | undefined;
    readonly sources?: readonly string[] | null | undefined;
    readonly expiresAtMs?: number | null | undefined;
  },
): Promise<KeyRecord | null> {
  const row = await env.DB.prepare(
    `UPDATE keys
     SET name = coalesce(?2, name), scopes = coalesce(?3, scopes),
         sources = iif(?4, ?5, sources), expires_at = iif(?6, ?7, expires_at)
     WHERE id = ?1
     RETURNING id, name, scopes, sources, created_at, expires_at, last_used_at`,
  )
    .bind(
      id,
      change.name ?? null,
      change.scopes === undefined ? null : JSON.stringify(change.scopes),
      change.sources === undefined ? 0 : 1,
      sourcesText(change.sources ?? null),
      change.expiresAtMs === undefined ? 0 : 1,
      expiryText(change.expiresAtMs ?? null),
    )
    .first();
  return row === null ? null : recordOf(row);
}

/** A new secret beside the old ones, which hold until then or until they would have ended anyway. */
export async function rotateKey(
  env: Env,
  id: string,
  hash: string,
  { nowMs, overlapMs }: { readonly nowMs: number; readonly overlapMs: number },
): Promise<"rotated" | "tooMany"> {
  const until = timeText(nowMs + overlapMs);
  const [, inserted] = await env.DB.batch([
    // Without an overlap nothing old is left, however much of it there was.
    env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?1 AND (holds_until <= ?2 OR ?2 = ?3)").bind(
      id,
      timeText(nowMs),
      until,
    ),
    insertSecret(env, id, hash),
    env.DB.prepare(
      `UPDATE key_secrets SET holds_until = min(coalesce(holds_until, ?3), ?3)
       WHERE key_id = ?1 AND hash <> ?2 AND EXISTS (SELECT 1 FROM key_secrets WHERE hash = ?2)`,
    ).bind(id, hash, until),
  ]);
  return inserted?.meta.changes === 0 ? "tooMany" : "rotated";
}

/** From here on nobody can come in with the key. Its record stays, so that what is left to do can be asked for again. */
export async function deleteSecrets(env: Env, id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?").bind(id).run();
}

export async function deleteRecord(env: Env, id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM keys WHERE id = ?").bind(id).run();
}

function insertSecret(env: Env, id: string, hash: string): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT INTO key_secrets (hash, key_id)
     SELECT ?1, id FROM keys
     WHERE id = ?2 AND (SELECT count(*) FROM key_secrets WHERE key_id = ?2) < ?3
     ON CONFLICT (hash) DO NOTHING`,
  ).bind(hash, id, limits.overlappingCredentialsMax);
}

function recordOf(found: unknown): KeyRecord {
  const row = rowSchema.parse(found);
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    sources: row.sources,
    expiresAtMs: row.expires_at === null ? null : Date.parse(row.expires_at),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}

function sourcesText(sources: readonly string[] | null): string | null {
  return sources === null ? null : JSON.stringify(sources);
}

function expiryText(timeMs: number | null): string | null {
  return timeMs === null ? null : timeText(timeMs);
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
