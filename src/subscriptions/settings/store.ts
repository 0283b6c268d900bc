/** The table of subscriptions, as their owners set them. */
import * as z from "zod/mini";
import { report } from "../../log/report.ts";
import { type Principal, rootKeyId, secretIdCharacters } from "../../model/access.ts";
import { storedFilterSchema } from "../../model/filter.ts";
import { jsonObjectSchema } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";
import {
  subscriptionFormats,
  type SubscriptionStatus,
  subscriptionStatuses,
} from "../../model/subscriptionWords.ts";
import { jsonText } from "../../model/text.ts";
import { intersectSources, type Subscription } from "../subscription.ts";

const sourcesText = z.nullable(jsonText(z.array(z.string())));
const settingsSchema = z.object({
  url: z.string(),
  name: z.nullable(z.string()),
  disabledReason: z.nullable(z.string()),
  format: z.enum(subscriptionFormats),
  scenario: z.nullable(
    z.strictObject({ data: jsonObjectSchema, authorUid: z.nullable(z.string()), draft: z.boolean() }),
  ),
  filter: storedFilterSchema,
  headers: z.record(z.string(), z.string()),
  timeoutSeconds: z.number(),
  ratePerSecond: z.nullable(z.number()),
  parallelism: z.int(),
  shards: z.int(),
  signingSecret: z.string(),
  previousSecret: z.nullable(z.string()),
  previousSecretExpiresAtMs: z.nullable(z.number()),
});
const rowSchema = z.strictObject({
  id: z.string(),
  version: z.int(),
  status: z.enum(subscriptionStatuses),
  settings: jsonText(settingsSchema),
  maker_key_id: z.string(),
  maker_sources: sourcesText,
  key_sources: sourcesText,
  created_at: z.string(),
  updated_at: z.string(),
});
const shardedSchema = z.strictObject({ id: z.string(), shards: z.int() });
export type Sharded = z.infer<typeof shardedSchema>;

/** A key that was bound more narrowly since narrows what it made; one that was deleted leaves what it had (a trigger). */
const selected = `SELECT subscriptions.id, subscriptions.version, subscriptions.status, subscriptions.settings,
    subscriptions.maker_key_id, subscriptions.maker_sources, keys.sources AS key_sources,
    subscriptions.created_at, subscriptions.updated_at
  FROM subscriptions LEFT JOIN keys ON keys.id = subscriptions.maker_key_id`;

/** Who makes or changes a subscription, by which of the key's secrets; null: the root key's. */
export type Author = Pick<Principal, "keyId" | "secretId">;

/**
 * What an author makes lasts, and the key was let in by the request's headers, a while before its body is read and
 * judged; so each writing statement asks for the key itself. A binding that was narrowed meanwhile holds anyway, since it
 * is read with each row.
 */
export type Refusal =
  /** The key, or the secret that was shown, is deleted or has expired. */
  | "authorGone"
  /** The key may not write subscriptions any more. */
  | "authorLacksScope";

/** The key and the secret of it that were shown, if both still hold. */
const shownKey = `FROM keys JOIN key_secrets ON key_secrets.key_id = keys.id
  WHERE keys.id = ?1 AND substr(key_secrets.hash, 1, ?3) = ?2
    AND (keys.expires_at IS NULL OR keys.expires_at > ?4)
    AND (key_secrets.holds_until IS NULL OR key_secrets.holds_until > ?4)`;
const mayWrite = "'subscriptions:write' IN (SELECT value FROM json_each(keys.scopes))";
const isByAuthor = `(?1 = '${rootKeyId}' OR EXISTS (SELECT 1 ${shownKey} AND ${mayWrite}))`;
const authorSchema = z.array(z.strictObject({ may_write: z.number() }));

/** "full": there are as many as there may be. */
export async function insertSubscription(
  env: Env,
  subscription: Subscription,
  author: Author,
): Promise<"inserted" | "full" | Refusal> {
  const { id, version, status, sources, createdAt, updatedAt } = subscription;
  const shown = [author.keyId, author.secretId, secretIdCharacters, createdAt];
  const statement = env.DB.prepare(
    `INSERT INTO subscriptions (id, version, status, settings, maker_key_id, maker_sources, created_at, updated_at)
     SELECT ?5, ?6, ?7, ?8, ?1, ?9, ?4, ?10
     WHERE (SELECT count(*) FROM subscriptions) < ?11 AND ${isByAuthor}
     ON CONFLICT (id) DO NOTHING`,
  ).bind(
    ...shown,
    id,
    version,
    status,
    settingsText(subscription),
    sources === null ? null : JSON.stringify(sources),
    updatedAt,
    limits.subscriptionsMax,
  );
  const written = await writeAs(env, author, shown, statement);
  return written === "written" ? "inserted" : (written ?? "full");
}

/** Null: nothing was written, and not for want of an author. */
async function writeAs(
  env: Env,
  { keyId }: Author,
  shown: ReadonlyArray<string | number | null>,
  statement: D1PreparedStatement,
): Promise<"written" | Refusal | null> {
  const author = env.DB.prepare(`SELECT ${mayWrite} AS may_write ${shownKey}`).bind(...shown);
  const [written, found] = await env.DB.batch([statement, author]);
  if (written !== undefined && written.meta.changes > 0) return "written";
  if (keyId === rootKeyId) return null;
  const [known] = authorSchema.parse(found?.results);
  if (known === undefined) return "authorGone";
  return known.may_write === 1 ? null : "authorLacksScope";
}

export async function loadSubscription(env: Env, id: string): Promise<Subscription | null> {
  const readAtMs = Date.now();
  const row = await env.DB.prepare(`${selected} WHERE subscriptions.id = ?`).bind(id).first();
  return row === null ? null : readRow(row, readAtMs);
}

export interface SubscriptionQuery {
  /** The reader's own binding; null: none. */
  readonly sources: readonly string[] | null;
  readonly status: SubscriptionStatus | null;
  /** Only those that were imported as scenarios. */
  readonly scenarios: boolean;
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  readonly limit: number;
}

/** Newest first; for a bound reader only those that `mayKnowOf` says: all sources of at least one are the reader's. */
export async function listSubscriptions(env: Env, query: SubscriptionQuery): Promise<Subscription[]> {
  const statement = env.DB.prepare(
    `${selected}
     WHERE (?1 IS NULL OR (
         SELECT min(seen.value IN (SELECT value FROM json_each(?1)))
         FROM json_each(coalesce(subscriptions.maker_sources, keys.sources)) AS seen
         WHERE keys.sources IS NULL OR seen.value IN (SELECT value FROM json_each(keys.sources))))
       AND (?2 IS NULL OR subscriptions.status = ?2)
       AND (?3 = 0 OR subscriptions.settings ->> 'scenario' IS NOT NULL)
       AND (?4 IS NULL OR (subscriptions.created_at, subscriptions.id) < (?4, ?5))
     ORDER BY subscriptions.created_at DESC, subscriptions.id DESC`,
  ).bind(
    query.sources === null ? null : JSON.stringify(query.sources),
    query.status,
    query.scenarios ? 1 : 0,
    query.after?.createdAt ?? null,
    query.after?.id ?? null,
  );
  // Not by the statement: what cannot be read takes no place. A deployment has few.
  return (await readRows(statement)).slice(0, query.limit);
}

/** Writes a changed subscription over the version it was made of; "outdated": that one is no longer there. */
export async function updateSubscription(
  env: Env,
  changed: Subscription,
  author: Author,
): Promise<"updated" | "outdated" | Refusal> {
  const { id, version, status, updatedAt } = changed;
  const shown = [author.keyId, author.secretId, secretIdCharacters, updatedAt];
  const statement = env.DB.prepare(
    `UPDATE subscriptions SET version = version + 1, status = ?7, settings = ?8, updated_at = ?4
     WHERE id = ?5 AND version = ?6 AND ${isByAuthor}`,
  ).bind(...shown, id, version, status, settingsText(changed));
  const written = await writeAs(env, author, shown, statement);
  return written === "written" ? "updated" : (written ?? "outdated");
}

/** Switches it off for its owner; a second time, or if its owner was faster or gave it another URL, this changes nothing. */
export async function disableSubscription(
  env: Env,
  id: string,
  { reason, url, atMs }: { readonly reason: string; readonly url: string; readonly atMs: number },
): Promise<void> {
  await env.DB.prepare(
    `UPDATE subscriptions SET version = version + 1, status = 'disabled', updated_at = ?3,
       settings = json_set(settings, '$.disabledReason', ?2)
     WHERE id = ?1 AND status = 'active' AND settings ->> 'url' = ?4`,
  )
    .bind(id, reason, new Date(atMs).toISOString(), url)
    .run();
}

export async function deleteSubscription(env: Env, id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM subscriptions WHERE id = ?").bind(id).run();
}

/** All that get events now. */
export async function readActiveSubscriptions(env: Env): Promise<Subscription[]> {
  return readRows(env.DB.prepare(`${selected} WHERE subscriptions.status = 'active'`));
}

/** Where deliveries may be, also of what cannot be read. */
export async function readAllShards(env: Env): Promise<Sharded[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, settings ->> 'shards' AS shards FROM subscriptions",
  ).all();
  return z.array(shardedSchema).parse(results);
}

/** All that may hold deliveries. */
export async function readAllSubscriptions(env: Env): Promise<Subscription[]> {
  return readRows(env.DB.prepare(selected));
}

function settingsText(subscription: Subscription): string {
  // The rest stands in columns of its own.
  return JSON.stringify(settingsSchema.parse(subscription));
}

/** One that another release wrote, and this one cannot read, keeps nobody from anything. */
async function readRows(statement: D1PreparedStatement): Promise<Subscription[]> {
  const readAtMs = Date.now();
  const { results } = await statement.all();
  return results.flatMap((row) => {
    try {
      return [readRow(row, readAtMs)];
    } catch (error) {
      report("subscription.unreadable", { subscription: String(row["id"]), error });
      return [];
    }
  });
}

function readRow(row: unknown, readAtMs: number): Subscription {
  const parsed = rowSchema.parse(row);
  return {
    ...parsed.settings,
    id: parsed.id,
    version: parsed.version,
    status: parsed.status,
    makerKeyId: parsed.maker_key_id,
    sources: intersectSources(parsed.maker_sources, parsed.key_sources),
    createdAt: parsed.created_at,
    updatedAt: parsed.updated_at,
    readAtMs,
  };
}
