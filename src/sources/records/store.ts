/** The table of sources, as those who manage them see it. Credentials go in sealed, and never come out to be shown. */
import * as z from "zod/mini";
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";
import { jsonText } from "../../model/text.ts";
import { type AuthSet, previousHoldsUntilMs } from "../auth.ts";
import { type RateLimit, rateLimitSchema, type SourceStatus, sourceStatusSchema } from "../request.ts";
import { sealSets } from "../store.ts";

export interface SourceRecord {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly status: SourceStatus;
  /** The entries as they may be shown. */
  readonly auth: readonly JsonObject[];
  readonly sealedAuth: string;
  readonly authVersion: number;
  readonly previousAuthUntil: string | null;
  readonly rateLimit: RateLimit | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastReceivedAt: string | null;
  readonly received: number;
  readonly refused: number;
  readonly rejected: number;
  readonly ignored: number;
}

/** Credentials to be written: what may be shown of the newest set, and all that hold. */
export interface AuthToWrite {
  readonly shown: readonly JsonObject[];
  readonly sets: readonly AuthSet[];
}

export interface SourceToCreate {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly rateLimit: RateLimit | null;
  readonly auth: AuthToWrite;
}

/** The place of a source in a list: by id. */
export const sourcePositionSchema = z.string();

const rowSchema = z.pipe(
  z.object({
    id: z.string(),
    provider: z.string(),
    name: z.string(),
    status: sourceStatusSchema,
    auth: jsonText(z.array(z.custom<JsonObject>(isJsonObject))),
    sealed_auth: z.string(),
    auth_version: z.int(),
    previous_auth_until: z.nullable(z.string()),
    rate_limit: z.nullable(jsonText(rateLimitSchema)),
    created_at: z.string(),
    updated_at: z.string(),
    last_received_at: z.nullable(z.string()),
    received: z.int(),
    refused: z.int(),
    rejected: z.int(),
    ignored: z.int(),
  }),
  z.transform(
    ({ sealed_auth, auth_version, previous_auth_until, rate_limit, created_at, updated_at, ...row }) => {
      const { last_received_at, ...same } = row;
      return {
        ...same,
        sealedAuth: sealed_auth,
        authVersion: auth_version,
        previousAuthUntil: previous_auth_until,
        rateLimit: rate_limit,
        createdAt: created_at,
        updatedAt: updated_at,
        lastReceivedAt: last_received_at,
      };
    },
  ),
);

export async function createSource(
  env: Env,
  source: SourceToCreate,
  nowMs: number,
): Promise<SourceRecord | "taken" | "full"> {
  const row = await env.DB.prepare(
    `INSERT INTO sources (id, provider, name, status, auth, sealed_auth, auth_version, rate_limit, created_at, updated_at)
     SELECT ?1, ?2, ?3, 'active', ?4, ?5, 1, ?6, ?7, ?7 WHERE (SELECT count(*) FROM sources) < ?8
     ON CONFLICT (id) DO NOTHING
     RETURNING *`,
  )
    .bind(
      source.id,
      source.provider,
      source.name,
      JSON.stringify(source.auth.shown),
      await sealSets(env, source.id, source.auth.sets),
      rateLimitText(source.rateLimit),
      timeText(nowMs),
      limits.sourcesMax,
    )
    .first();
  if (row !== null) return rowSchema.parse(row);
  return (await readRecord(env, source.id)) === null ? "full" : "taken";
}

export async function readRecord(env: Env, id: string): Promise<SourceRecord | null> {
  const row = await env.DB.prepare("SELECT * FROM sources WHERE id = ?").bind(id).first();
  return row === null ? null : rowSchema.parse(row);
}

/** By id. Of somebody bound to sources: only these. */
export async function listRecords(
  env: Env,
  visible: readonly string[] | null,
  after: string | null,
  rowsMax: number,
): Promise<SourceRecord[]> {
  const { results } = await env.DB.prepare(
    `SELECT * FROM sources
     WHERE id > ?1 AND (?2 IS NULL OR id IN (SELECT value FROM json_each(?2)))
     ORDER BY id LIMIT ?3`,
  )
    .bind(after ?? "", visible === null ? null : JSON.stringify(visible), rowsMax)
    .all();
  return results.map((row) => rowSchema.parse(row));
}

/** Writes only what was asked to change, so that two changes at once both count. */
export async function changeRecord(
  env: Env,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly status?: SourceStatus | undefined;
    readonly rateLimit?: RateLimit | null | undefined;
  },
  nowMs: number,
): Promise<SourceRecord | null> {
  const row = await env.DB.prepare(
    `UPDATE sources
     SET name = coalesce(?2, name), status = coalesce(?3, status), rate_limit = iif(?4, ?5, rate_limit),
         updated_at = ?6
     WHERE id = ?1
     RETURNING *`,
  )
    .bind(
      id,
      change.name ?? null,
      change.status ?? null,
      change.rateLimit === undefined ? 0 : 1,
      rateLimitText(change.rateLimit ?? null),
      timeText(nowMs),
    )
    .first();
  return row === null ? null : rowSchema.parse(row);
}

/** Null: somebody else changed the credentials since they were read, or the source is gone. */
export async function writeAuth(
  env: Env,
  id: string,
  readVersion: number,
  auth: AuthToWrite,
  nowMs: number,
): Promise<SourceRecord | null> {
  const previousUntilMs = previousHoldsUntilMs(auth.sets);
  const row = await env.DB.prepare(
    `UPDATE sources
     SET auth = ?3, sealed_auth = ?4, previous_auth_until = ?5, auth_version = auth_version + 1, updated_at = ?6
     WHERE id = ?1 AND auth_version = ?2
     RETURNING *`,
  )
    .bind(
      id,
      readVersion,
      JSON.stringify(auth.shown),
      await sealSets(env, id, auth.sets),
      previousUntilMs === null ? null : timeText(previousUntilMs),
      timeText(nowMs),
    )
    .first();
  return row === null ? null : rowSchema.parse(row);
}

/**
 * False: it was not there. Its rejected webhooks go with it: they can be replayed at their source alone, and another
 * source under the same id may be another account. What was recorded stays.
 */
export async function deleteSource(env: Env, id: string): Promise<boolean> {
  const [deleted] = await env.DB.batch([
    env.DB.prepare("DELETE FROM sources WHERE id = ?").bind(id),
    env.DB.prepare("DELETE FROM rejected WHERE source = ?").bind(id),
  ]);
  return deleted !== undefined && deleted.meta.changes > 0;
}

function rateLimitText(rateLimit: RateLimit | null): string | null {
  return rateLimit === null ? null : JSON.stringify(rateLimit);
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

const silentRowSchema = z.object({ id: z.string(), lastReceivedAt: z.string() });

/** Active sources of which the last webhook came in this span: whoever calls at its end finds who fell silent in it. */
export async function readLastHeard(
  db: D1Database,
  from: string,
  until: string,
): Promise<z.infer<typeof silentRowSchema>[]> {
  const { results } = await db
    .prepare(
      `SELECT id, last_received_at AS lastReceivedAt FROM sources
       WHERE status = 'active' AND last_received_at >= ?1 AND last_received_at < ?2`,
    )
    .bind(from, until)
    .all();
  return results.map((row) => silentRowSchema.parse(row));
}
