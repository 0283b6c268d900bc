/** The table of subscriptions, as their owners set them. */
import * as z from "zod";
import { type Principal, rootKeyId, secretIdCharacters } from "../../model/access.ts";
import { filterSchema } from "../../model/filter.ts";
import { jsonObjectSchema } from "../../model/json.ts";
import { limits } from "../../model/limits.ts";
import {
  subscriptionFormats,
  type SubscriptionStatus,
  subscriptionStatuses,
} from "../../model/subscription.ts";
import { intersectSources, type Subscription } from "../subscription.ts";

const jsonText = z.string().transform((text): unknown => JSON.parse(text));
const sourcesText = z.nullable(jsonText.pipe(z.array(z.string())));
const settingsSchema = z.object({
  url: z.string(),
  name: z.string().nullable(),
  disabledReason: z.string().nullable(),
  format: z.enum(subscriptionFormats),
  scenario: z
    .strictObject({ data: jsonObjectSchema, authorUid: z.string().nullable(), draft: z.boolean() })
    .nullable(),
  filter: filterSchema,
  headers: z.record(z.string(), z.string()),
  timeoutSeconds: z.number(),
  ratePerSecond: z.number().nullable(),
  parallelism: z.int(),
  shards: z.int(),
  signingSecret: z.string(),
  previousSecret: z.string().nullable(),
  previousSecretExpiresAtMs: z.number().nullable(),
});
const rowSchema = z.strictObject({
  id: z.string(),
  version: z.int(),
  status: z.enum(subscriptionStatuses),
  settings: jsonText.pipe(settingsSchema),
  maker_key_id: z.string(),
  maker_sources: sourcesText,
  key_sources: sourcesText,
  created_at: z.string(),
  updated_at: z.string(),
});
/** The key and the secret of it that were presented, if both still hold. */
const presentedKey = `FROM keys JOIN key_secrets ON key_secrets.key_id = keys.id
  WHERE keys.id = ?1 AND substr(key_secrets.hash, 1, ?3) = ?2
    AND (keys.expires_at IS NULL OR keys.expires_at > ?4)
    AND (key_secrets.holds_until IS NULL OR key_secrets.holds_until > ?4)`;
const mayMake = "'subscriptions:write' IN (SELECT value FROM json_each(keys.scopes))";
const makerSchema = z.array(z.strictObject({ may_make: z.number() }));

/** A key that was bound more narrowly since narrows what it made; one that was deleted leaves what it had (a trigger). */
const selected = `SELECT subscriptions.id, subscriptions.version, subscriptions.status, subscriptions.settings,
    subscriptions.maker_key_id, subscriptions.maker_sources, keys.sources AS key_sources,
    subscriptions.created_at, subscriptions.updated_at
  FROM subscriptions LEFT JOIN keys ON keys.id = subscriptions.maker_key_id`;

/** Who makes a subscription, by which of the key's secrets; null: the root key's. */
export type Maker = Pick<Principal, "keyId" | "secretId">;

export type Insertion =
  | "inserted"
  /** There are as many as there may be. */
  | "full"
  /** Its maker's key or secret is deleted or has expired. */
  | "makerGone"
  /** Its maker may not make subscriptions any more. */
  | "makerLacksScope";

/**
 * Only for a maker that may do it at this moment: an isolate remembers for seconds what a key could do, and what is
 * made here lasts. A binding that was narrowed meanwhile holds by itself, since it is read with each row.
 */
export async function insertSubscription(
  env: Env,
  subscription: Subscription,
  { keyId, secretId }: Maker,
): Promise<Insertion> {
  const { id, version, status, sources, createdAt, updatedAt } = subscription;
  const presented = [keyId, secretId, secretIdCharacters, createdAt];
  const [inserted, maker] = await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO subscriptions (id, version, status, settings, maker_key_id, maker_sources, created_at, updated_at)
       SELECT ?5, ?6, ?7, ?8, ?1, ?9, ?4, ?10
       WHERE (SELECT count(*) FROM subscriptions) < ?11
         AND (?1 = ?12 OR EXISTS (SELECT 1 ${presentedKey} AND ${mayMake}))
       ON CONFLICT (id) DO NOTHING`,
    ).bind(
      ...presented,
      id,
      version,
      status,
      settingsText(subscription),
      sources === null ? null : JSON.stringify(sources),
      updatedAt,
      limits.subscriptionsMax,
      rootKeyId,
    ),
    env.DB.prepare(`SELECT ${mayMake} AS may_make ${presentedKey}`).bind(...presented),
  ]);
  if (inserted !== undefined && inserted.meta.changes > 0) return "inserted";
  if (keyId === rootKeyId) return "full";
  const [known] = makerSchema.parse(maker?.results);
  if (known === undefined) return "makerGone";
  return known.may_make === 1 ? "full" : "makerLacksScope";
}

export async function loadSubscription(env: Env, id: string): Promise<Subscription | null> {
  const row = await env.DB.prepare(`${selected} WHERE subscriptions.id = ?`).bind(id).first();
  return row === null ? null : readRow(row);
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
  const { results } = await env.DB.prepare(
    `${selected}
     WHERE (?1 IS NULL OR (
         SELECT min(seen.value IN (SELECT value FROM json_each(?1)))
         FROM json_each(coalesce(subscriptions.maker_sources, keys.sources)) AS seen
         WHERE keys.sources IS NULL OR seen.value IN (SELECT value FROM json_each(keys.sources))))
       AND (?2 IS NULL OR subscriptions.status = ?2)
       AND (?3 = 0 OR subscriptions.settings ->> 'scenario' IS NOT NULL)
       AND (?4 IS NULL OR (subscriptions.created_at, subscriptions.id) < (?4, ?5))
     ORDER BY subscriptions.created_at DESC, subscriptions.id DESC LIMIT ?6`,
  )
    .bind(
      query.sources === null ? null : JSON.stringify(query.sources),
      query.status,
      query.scenarios ? 1 : 0,
      query.after?.createdAt ?? null,
      query.after?.id ?? null,
      query.limit,
    )
    .all();
  return results.map(readRow);
}

/** Writes a changed subscription over the version it was made of; false if that one is no longer there. */
export async function updateSubscription(env: Env, changed: Subscription): Promise<boolean> {
  const { meta } = await env.DB.prepare(
    `UPDATE subscriptions SET version = version + 1, status = ?3, settings = ?4, updated_at = ?5
     WHERE id = ?1 AND version = ?2`,
  )
    .bind(changed.id, changed.version, changed.status, settingsText(changed), changed.updatedAt)
    .run();
  return meta.changes > 0;
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
  const { results } = await env.DB.prepare(`${selected} WHERE subscriptions.status = 'active'`).all();
  return results.map(readRow);
}

/** All that may hold deliveries. */
export async function readAllSubscriptions(env: Env): Promise<Subscription[]> {
  const { results } = await env.DB.prepare(selected).all();
  return results.map(readRow);
}

function settingsText(subscription: Subscription): string {
  // The rest stands in columns of its own.
  return JSON.stringify(settingsSchema.parse(subscription));
}

function readRow(row: unknown): Subscription {
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
  };
}
