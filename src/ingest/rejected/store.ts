/** Rejected webhooks in D1: kept once for the same bytes, a bounded number of each source, the oldest out first. */
import * as z from "zod/mini";
import { timeSchema } from "../../model/event.ts";
import { jsonSchema } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";
import { jsonText } from "../../model/text.ts";
import type { Provider, Webhook } from "../../providers/provider.ts";
import type { AuthSets } from "../admission.ts";
import type { Fault } from "../intake.ts";
import { keptBody, keptHeaders, keptItems, keptQuery, rejectedId } from "./kept.ts";
import { mentionTest } from "./mention.ts";

const summaryColumns =
  "id, source, provider, count, first_received_at, last_received_at, reason, errors, body_bytes, body_kept_bytes";

const issuesSchema = z.array(z.object({ path: z.string(), message: z.string() }));
const summaryRowSchema = z.object({
  id: z.string(),
  source: z.string(),
  provider: z.string(),
  count: z.int(),
  first_received_at: timeSchema,
  last_received_at: timeSchema,
  reason: z.string(),
  errors: jsonText(issuesSchema),
  body_bytes: z.int(),
  body_kept_bytes: z.int(),
});
const rowSchema = z.object({
  ...summaryRowSchema.shape,
  method: z.enum(["GET", "POST"]),
  query: z.string(),
  headers: jsonText(z.array(z.tuple([z.string(), z.string()]))),
  items: z.nullable(jsonText(z.array(jsonSchema))),
  body_base64: z.string(),
});

export type RejectedSummary = z.infer<typeof summaryRowSchema>;
export type Rejected = z.infer<typeof rowSchema>;

/** Where a page of the list goes on: after this row, in descending order. */
export const positionSchema = z.tuple([timeSchema, z.string()]);
export type Position = z.infer<typeof positionSchema>;

interface RejectedWebhook {
  readonly settings: { readonly id: string; readonly authSets: AuthSets };
  readonly provider: Pick<Provider, "name" | "schemes">;
  readonly webhook: Webhook;
  readonly fault: Fault;
}

/** When this resolves, the webhook is kept. The same bytes again raise the count, and tell the latest fault. */
export async function keepRejected(env: Env, rejected: RejectedWebhook): Promise<void> {
  const { settings, provider, webhook, fault } = rejected;
  const body = keptBody(webhook.body);
  const keep = env.DB.prepare(
    `INSERT INTO rejected (id, source, provider, count, first_received_at, last_received_at, reason, errors,
                           body_bytes, body_kept_bytes, method, query, headers, items, body_base64)
     VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
     ON CONFLICT (id) DO UPDATE SET
       count = count + 1,
       last_received_at = excluded.last_received_at,
       reason = excluded.reason,
       errors = excluded.errors,
       headers = excluded.headers,
       items = excluded.items`,
  ).bind(
    await rejectedId(settings.id, webhook),
    settings.id,
    provider.name,
    new Date().toISOString(),
    fault.reason,
    JSON.stringify(fault.issues),
    webhook.body.byteLength,
    body.byteLength,
    webhook.method,
    keptQuery(webhook.url, provider, settings.authSets),
    JSON.stringify(keptHeaders(webhook.headers, provider, settings.authSets)),
    keptItems(fault.bad),
    body.toBase64(),
  );
  const forget = env.DB.prepare(
    `DELETE FROM rejected WHERE id IN (
       SELECT id FROM rejected WHERE source = ?1 ORDER BY first_received_at DESC, id DESC LIMIT -1 OFFSET ?2
     )`,
  ).bind(settings.id, limits.rejectedPerSourceMax);
  await env.DB.batch([keep, forget]);
}

/** `sources` null: of all. One row more than asked for, if there is one, so that the caller sees that the list goes on. */
export async function listRejected(
  env: Env,
  sources: readonly string[] | null,
  after: Position | null,
  limit: number,
): Promise<RejectedSummary[]> {
  const [afterTime, afterId] = after ?? [lastTime, ""];
  const query =
    sources === null
      ? env.DB.prepare(
          `SELECT ${summaryColumns} FROM rejected
           WHERE (first_received_at, id) < (?1, ?2)
           ORDER BY first_received_at DESC, id DESC LIMIT ?3`,
        ).bind(afterTime, afterId, limit + 1)
      : env.DB.prepare(
          `SELECT ${summaryColumns} FROM rejected
           WHERE source IN (SELECT value FROM json_each(?4)) AND (first_received_at, id) < (?1, ?2)
           ORDER BY first_received_at DESC, id DESC LIMIT ?3`,
        ).bind(afterTime, afterId, limit + 1, JSON.stringify(sources));
  const { results } = await query.all();
  return z.array(summaryRowSchema).parse(results);
}

export async function findRejected(env: Env, id: string): Promise<Rejected | null> {
  const row = await env.DB.prepare(
    `SELECT ${summaryColumns}, method, query, headers, items, body_base64 FROM rejected WHERE id = ?1`,
  )
    .bind(id)
    .first();
  return row === null ? null : rowSchema.parse(row);
}

/** After a replay that failed again: what is wrong with it now. */
export async function updateFault(env: Env, id: string, fault: Fault): Promise<void> {
  await env.DB.prepare("UPDATE rejected SET reason = ?2, errors = ?3, items = ?4 WHERE id = ?1")
    .bind(id, fault.reason, JSON.stringify(fault.issues), keptItems(fault.bad))
    .run();
}

export async function deleteRejected(env: Env, id: string): Promise<void> {
  await env.DB.prepare("DELETE FROM rejected WHERE id = ?1").bind(id).run();
}

/** How many went. By when they last came: what still comes is still somebody's trouble. */
export async function deleteRejectedBefore(env: Env, cutoff: string): Promise<number> {
  const { meta } = await env.DB.prepare("DELETE FROM rejected WHERE last_received_at < ?1")
    .bind(cutoff)
    .run();
  return meta.changes;
}

const rejectingRowSchema = z.object({ source: z.string(), rejected: z.int(), reason: z.string() });

/** Sources with at least so many different webhooks rejected since then, each with the latest reason. */
export async function readRejecting(
  db: D1Database,
  since: string,
  atLeast: number,
): Promise<z.infer<typeof rejectingRowSchema>[]> {
  // With max(), SQLite takes the other columns from the row that has it.
  const { results } = await db
    .prepare(
      `SELECT source, count(*) AS rejected, reason, max(last_received_at) FROM rejected
       WHERE last_received_at >= ?1 GROUP BY source HAVING count(*) >= ?2`,
    )
    .bind(since, atLeast)
    .all();
  return results.map((row) => rejectingRowSchema.parse(row));
}

const mentionRowSchema = z.object({
  id: z.string(),
  first_received_at: z.string(),
  query: z.string(),
  errors: z.string(),
  items: z.nullable(z.string()),
  body_base64: z.string(),
});
type MentionRow = z.infer<typeof mentionRowSchema>;
const mentionRowsPerPage = 50;

/** Deletes the kept webhooks of these sources (null: of all) that have one of these texts; returns how many. */
export async function eraseRejectedMentioning(
  env: Env,
  texts: readonly string[],
  sources: readonly string[] | null,
): Promise<number> {
  if (texts.length === 0) return 0;
  const tests = texts.map((text) => mentionTest(text));
  const mentions = (kept: string) => tests.some((test) => test(kept));
  const found: string[] = [];
  let after: Position = [lastTime, ""];
  for (;;) {
    const { results } = await env.DB.prepare(
      `SELECT id, first_received_at, query, errors, items, body_base64 FROM rejected
       WHERE (?1 IS NULL OR source IN (SELECT value FROM json_each(?1))) AND (first_received_at, id) < (?2, ?3)
       ORDER BY first_received_at DESC, id DESC LIMIT ?4`,
    )
      .bind(sources === null ? null : JSON.stringify(sources), ...after, mentionRowsPerPage)
      .all();
    const rows = z.array(mentionRowSchema).parse(results);
    found.push(...rows.filter((row) => textsOf(row).some(mentions)).map((row) => row.id));
    const last = rows.at(-1);
    if (last === undefined || rows.length < mentionRowsPerPage) break;
    after = [last.first_received_at, last.id];
  }
  await env.DB.prepare("DELETE FROM rejected WHERE id IN (SELECT value FROM json_each(?1))")
    .bind(JSON.stringify(found))
    .run();
  return found.length;
}

/** What the provider wrote: the headers are of its transport. */
function textsOf({ query, errors, items, body_base64 }: MentionRow): string[] {
  return [new TextDecoder().decode(Uint8Array.fromBase64(body_base64)), query, errors, items ?? ""];
}

/** After every time that the list can have. */
const lastTime = "9999-12-31T23:59:59.999Z";
