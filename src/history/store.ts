/**
 * Messages and events in D1: written by the fan-out consumer, read by lists, search and groups.
 *
 * Every write may run twice and in any order: events are keyed by what they are, and a message's row only ever gives
 * way to a newer version of the same life, or to a later life.
 */
import type { FanOutItem } from "../model/fanout.ts";
import type { MessageSummary } from "../model/message.ts";
import { messageObjectName } from "../model/record.ts";
import { readUnerased, selectErased, withLives } from "./erasure/store.ts";
import { type FunnelRow, funnelRowSchema } from "./funnel.ts";
import type { ListQuery, Position } from "./query.ts";
import { storedSummary, summaryOf } from "./row.ts";

/** D1 takes 2 MB in one parameter, and a character has at most three bytes: all that a batch says but for summaries fits. */
const chunkCharactersMax = 600_000;

/** Of what the queue brings late: the trace of an erasure stands first, so no row comes back in whatever order. */
const isNotErased = `
  NOT EXISTS (SELECT 1 FROM erasures WHERE name_hash = item.value ->> 'nameHash' AND born = item.value ->> 'born'
                AND version >= item.value ->> 'version')`;

const insertEvents = `
  INSERT INTO events (received_at, id, source, message_id, version, status, effect, repeats, body)
  SELECT item.value ->> 'receivedAt', item.value ->> 'id', item.value ->> 'source', item.value ->> 'messageId',
         item.value ->> 'version', item.value ->> 'status', item.value ->> 'effect', item.value ->> 'repeats',
         json_object('reason', item.value -> 'reason')
  FROM json_each(?1) AS item WHERE ${isNotErased}
  ON CONFLICT (received_at, id) DO NOTHING`;

const upsertMessages = `
  INSERT INTO messages (source, message_id, provider, born, version, status, channel, recipient, group_id,
                        reason_code, last_received_at, summary)
  SELECT item.value ->> 'source', item.value ->> 'messageId', item.value ->> 'provider', item.value ->> 'born',
         item.value ->> 'version', item.value ->> 'status', item.value ->> 'channel', item.value ->> 'recipient',
         item.value ->> 'group', item.value ->> '$.reason.code', item.value ->> 'lastReceivedAt',
         item.value ->> 'stored'
  FROM json_each(?1) AS item WHERE ${isNotErased}
  ON CONFLICT (source, message_id) DO UPDATE SET
    provider = excluded.provider, born = excluded.born, version = excluded.version, status = excluded.status,
    channel = excluded.channel, reason_code = excluded.reason_code,
    last_received_at = excluded.last_received_at, summary = excluded.summary
  WHERE excluded.born > born OR (excluded.born = born AND excluded.version > version)`;

/** Before `correctRecipients`: what the row still says is what the message showed until now. */
const keepReplacedRecipients = `
  INSERT INTO former_recipients (recipient, source, message_id)
  SELECT recipient, source, message_id FROM messages
  WHERE (source, message_id) IN (SELECT value ->> 'source', value ->> 'messageId' FROM json_each(?1))
    AND recipient IS NOT NULL AND recipient IS NOT summary ->> 'recipient'
  ON CONFLICT (recipient, source, message_id) DO NOTHING`;

/** Of events whose recipient their message never showed, or not any more: they may come in any order. */
const keepOtherRecipients = `
  INSERT INTO former_recipients (recipient, source, message_id)
  SELECT DISTINCT item.value ->> 'recipient', source, message_id
  FROM json_each(?1) AS item
    JOIN messages ON source = item.value ->> 'source' AND message_id = item.value ->> 'messageId'
  WHERE item.value ->> 'recipient' IS NOT summary ->> 'recipient' AND ${isNotErased}
  ON CONFLICT (recipient, source, message_id) DO NOTHING`;

/**
 * Recipient and group are indexed: set apart, and only where they change, they cost a row once a message and not
 * once an event.
 */
const correctRecipients = `
  UPDATE messages SET recipient = summary ->> 'recipient'
  WHERE (source, message_id) IN (SELECT value ->> 'source', value ->> 'messageId' FROM json_each(?1))
    AND recipient IS NOT summary ->> 'recipient'`;

const correctGroups = `
  UPDATE messages SET group_id = summary ->> 'group'
  WHERE (source, message_id) IN (SELECT value ->> 'source', value ->> 'messageId' FROM json_each(?1))
    AND group_id IS NOT summary ->> 'group'`;

const insertAliases = `
  INSERT INTO message_aliases (alias, source, message_id)
  SELECT alias.value, item.value ->> 'source', item.value ->> 'messageId'
  FROM json_each(?1) AS item, json_each(item.value, '$.aliases') AS alias
  WHERE ${isNotErased}
  ON CONFLICT (alias, source, message_id) DO NOTHING`;

/**
 * Durable when it resolves; all or nothing. Items of a message that was erased change nothing, and the others are given
 * back.
 */
export async function appendHistory(db: D1Database, items: readonly FanOutItem[]): Promise<FanOutItem[]> {
  const living = await withLives(items);
  const events = living.map(({ item: { event, repeats }, life }) => ({
    ...life,
    receivedAt: event.receivedAt,
    id: event.id,
    source: event.source,
    messageId: event.messageId,
    version: event.version,
    status: event.status,
    effect: event.effect,
    repeats,
    reason: event.reason,
  }));
  const messages = newestOfEach(
    living.map(({ item: { summary }, life }) => ({ ...life, ...summary, stored: storedSummary(summary) })),
  );
  const recipients = living.flatMap(({ item: { event }, life }) => {
    const { source, messageId, version, recipient } = event;
    return recipient === null ? [] : [{ ...life, source, messageId, version, recipient }];
  });
  const results = await db.batch([
    db.prepare(insertEvents).bind(JSON.stringify(events)),
    ...chunks(messages).flatMap((chunk) => [
      db.prepare(upsertMessages).bind(chunk),
      db.prepare(keepReplacedRecipients).bind(chunk),
      db.prepare(correctRecipients).bind(chunk),
      db.prepare(correctGroups).bind(chunk),
      db.prepare(insertAliases).bind(chunk),
    ]),
    db.prepare(keepOtherRecipients).bind(JSON.stringify(recipients)),
    selectErased(db, living),
  ]);
  return readUnerased(living, results.at(-1)?.results ?? []);
}

function newestOfEach<Summary extends MessageSummary>(summaries: readonly Summary[]): Summary[] {
  const inOrder = summaries.toSorted(
    (one, other) =>
      Date.parse(one.firstReceivedAt) - Date.parse(other.firstReceivedAt) || one.version - other.version,
  );
  const key = ({ source, messageId }: Summary) => messageObjectName(source, messageId);
  return [...new Map(inOrder.map((summary) => [key(summary), summary])).values()];
}

/** JSON arrays of as many rows as one parameter holds. */
function chunks(rows: readonly object[]): string[] {
  const texts: string[] = [];
  let current: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (current.length > 0 && characters + text.length > chunkCharactersMax) {
      texts.push(`[${current.join(",")}]`);
      current = [];
      characters = 0;
    }
    current.push(text);
    characters += text.length;
  }
  return current.length === 0 ? texts : [...texts, `[${current.join(",")}]`];
}

/**
 * One row more than the page, newest activity first; `sources` null: all. What has an index of its own stands in the
 * query only where it is asked for: SQLite plans before it knows the parameters.
 */
export async function listMessages(
  db: D1Database,
  query: ListQuery,
  sources: readonly string[] | null,
  after: Position | null,
  limit: number,
): Promise<MessageSummary[]> {
  const { results } = await db
    .prepare(
      `SELECT source, message_id AS messageId, provider, born AS firstReceivedAt, version, status, channel,
              last_received_at AS lastReceivedAt, summary
       FROM messages
       WHERE (?1 IS NULL OR source IN (SELECT value FROM json_each(?1)))
         AND (?2 IS NULL OR source = ?2)
         AND (?3 IS NULL OR provider = ?3)
         AND (?4 IS NULL OR status = ?4)
         AND (?5 IS NULL OR channel = ?5)
         AND (?6 IS NULL OR last_received_at >= ?6)
         AND (?7 IS NULL OR last_received_at < ?7)
         AND (?8 IS NULL OR (last_received_at, source, message_id) < (?8, ?9, ?10))
         ${query.recipient === undefined ? "AND ?11 IS NULL" : "AND recipient = ?11"}
         ${query.group === undefined ? "AND ?12 IS NULL" : "AND group_id = ?12"}
         ${
           query.alias === undefined
             ? "AND ?13 IS NULL"
             : "AND (source, message_id) IN (SELECT source, message_id FROM message_aliases WHERE alias = ?13)"
         }
         AND (?14 IS NULL OR reason_code = ?14)
         AND (?15 IS NULL OR message_id = ?15)
       ORDER BY last_received_at DESC, source DESC, message_id DESC
       LIMIT ?16`,
    )
    .bind(
      sources === null ? null : JSON.stringify(sources),
      query.source ?? null,
      query.provider ?? null,
      query.status ?? null,
      query.channel ?? null,
      query.since ?? null,
      query.until ?? null,
      after?.lastReceivedAt ?? null,
      after?.source ?? null,
      after?.messageId ?? null,
      query.recipient ?? null,
      query.group ?? null,
      query.alias ?? null,
      query.reason ?? null,
      query.messageId ?? null,
      limit + 1,
    )
    .all();
  return results.map(summaryOf);
}

/** How many messages of a group show which status, and which reason. */
export async function countGroup(db: D1Database, source: string, group: string): Promise<FunnelRow[]> {
  const { results } = await db
    .prepare(
      `SELECT status, summary ->> '$.reason.code' AS code, summary ->> '$.reason.text' AS text, count(*) AS count
       FROM messages
       WHERE group_id = ?1 AND source = ?2
       GROUP BY 1, 2, 3
       ORDER BY count DESC, code, text`,
    )
    .bind(group, source)
    .all();
  return results.map((row) => funnelRowSchema.parse(row));
}
