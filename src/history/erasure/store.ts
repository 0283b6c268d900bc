/**
 * Erasure in D1: the rows of a message, and the trace that it was erased.
 *
 * The trace is written first: from then on the tables refuse what the queue still brings of it. The rows by which a
 * message is found go last, after its object: whoever has to ask again must find it again.
 */
import * as z from "zod/mini";
import { rootKeyId } from "../../model/access.ts";
import type { FanOutItem } from "../../model/fanout.ts";
import { messageObjectName } from "../../model/record.ts";

export interface MessageName {
  readonly source: string;
  readonly messageId: string;
}

interface MessageLife extends MessageName {
  /** Receipt of its first event. */
  readonly born: string;
}

export interface ErasedMessage extends MessageLife {
  /** Of its newest event. Later ones are not erased with it: the object lets go at this version, or not at all. */
  readonly version: number;
  readonly aliases: readonly string[];
  readonly events: readonly { readonly id: string; readonly receivedAt: string }[];
}

export async function eraseRows(
  db: D1Database,
  messages: readonly ErasedMessage[],
  erasedBy: string,
  erasedAt: string,
): Promise<void> {
  const statements = messages.map(async ({ source, messageId, born, version, aliases, events }) => [
    db
      .prepare(
        `INSERT INTO erasures (name_hash, born, version, erased_at, erased_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (name_hash, born) DO UPDATE SET version = excluded.version, erased_at = excluded.erased_at
         WHERE excluded.version > version`,
      )
      .bind(await hashName(source, messageId), born, version, erasedAt, erasedBy),
    db
      .prepare(
        `DELETE FROM events WHERE (received_at, id) IN
           (SELECT value ->> 'receivedAt', value ->> 'id' FROM json_each(?1))`,
      )
      .bind(JSON.stringify(events)),
    db
      .prepare(
        `DELETE FROM message_aliases
         WHERE source = ?1 AND message_id = ?2 AND alias IN (SELECT value FROM json_each(?3))`,
      )
      .bind(source, messageId, JSON.stringify(aliases)),
  ]);
  await db.batch((await Promise.all(statements)).flat());
}

/**
 * By what messages are found: their rows in lists, their aliases there, and under whom they once stood. The latter is a
 * small table. The row of a later life stays.
 */
export async function eraseNames(db: D1Database, messages: readonly MessageLife[]): Promise<void> {
  await db.batch(
    messages.flatMap(({ source, messageId, born }) => [
      db
        .prepare(
          `DELETE FROM message_aliases WHERE (alias, source, message_id) IN (
             SELECT alias.value, source, message_id FROM messages, json_each(summary, '$.aliases') AS alias
             WHERE source = ?1 AND message_id = ?2 AND born <= ?3)`,
        )
        .bind(source, messageId, born),
      db
        .prepare(
          `DELETE FROM former_recipients WHERE source = ?1 AND message_id = ?2 AND NOT EXISTS (
             SELECT 1 FROM messages WHERE source = ?1 AND message_id = ?2 AND born > ?3)`,
        )
        .bind(source, messageId, born),
      db
        .prepare("DELETE FROM messages WHERE source = ?1 AND message_id = ?2 AND born <= ?3")
        .bind(source, messageId, born),
    ]),
  );
}

/** Of the life that lists show; null: they show none. */
export async function findBorn(db: D1Database, { source, messageId }: MessageName): Promise<string | null> {
  return db
    .prepare("SELECT born FROM messages WHERE source = ?1 AND message_id = ?2")
    .bind(source, messageId)
    .first<string>("born");
}

/** That all messages of a recipient shall go. */
interface ErasureRequest {
  readonly recipient: string;
  readonly keyId: string;
}

/** `sources` null: all. Asked again, it holds for what has come since. */
export async function keepRequest(
  db: D1Database,
  { recipient, keyId }: ErasureRequest,
  sources: readonly string[] | null,
  askedAt: string,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO recipient_erasures (recipient, asked_by, asked_at, sources) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (recipient, asked_by) DO UPDATE SET asked_at = excluded.asked_at, sources = excluded.sources`,
    )
    .bind(recipient, keyId, askedAt, sources === null ? null : JSON.stringify(sources))
    .run();
}

export async function deleteRequestsBefore(db: D1Database, cutoff: string): Promise<void> {
  await db.prepare("DELETE FROM recipient_erasures WHERE asked_at < ?1").bind(cutoff).run();
}

const requestedSchema = z.object({ source: z.string(), messageId: z.string(), keyId: z.string() });
type RequestedMessage = z.infer<typeof requestedSchema>;

/** Messages that go to a recipient of `asked`, or once did: one recipient after the other, and no row past the limit. */
const messagesAsked = `
  SELECT m.source, m.message_id AS messageId, a.asked_by AS keyId
  FROM asked AS a CROSS JOIN messages AS m
  WHERE (m.recipient = a.recipient OR (m.source, m.message_id) IN
      (SELECT source, message_id FROM former_recipients WHERE recipient = a.recipient))
    AND (a.sources IS NULL OR m.source IN (SELECT value FROM json_each(a.sources)))`;

export async function messagesOfRequest(
  db: D1Database,
  { recipient, keyId }: ErasureRequest,
  limit: number,
): Promise<RequestedMessage[]> {
  const { results } = await db
    .prepare(
      `WITH asked AS (SELECT * FROM recipient_erasures WHERE recipient = ?1 AND asked_by = ?2)
       ${messagesAsked} LIMIT ?3`,
    )
    .bind(recipient, keyId, limit)
    .all();
  return results.map((row) => requestedSchema.parse(row));
}

/**
 * Of all requests whose key may still ask, those that began before they were asked. The requests come in another order
 * each time, so that one with more messages than the limit, or with such as can't go yet, keeps no other waiting: with a
 * LIMIT, since SQLite leaves out an order without one.
 */
export async function messagesStillRequested(
  db: D1Database,
  nowText: string,
  limit: number,
): Promise<RequestedMessage[]> {
  const { results } = await db
    .prepare(
      `WITH asked AS (
         SELECT r.*, k.sources AS bound_to FROM recipient_erasures AS r LEFT JOIN keys AS k ON k.id = r.asked_by
         WHERE r.asked_by = ?1 OR (coalesce(k.expires_at > ?2, true)
           AND 'messages:erase' IN (SELECT value FROM json_each(k.scopes)))
         ORDER BY random() LIMIT -1)
       ${messagesAsked} AND m.born <= a.asked_at
         AND (a.bound_to IS NULL OR m.source IN (SELECT value FROM json_each(a.bound_to)))
       LIMIT ?3`,
    )
    .bind(rootKeyId, nowText, limit)
    .all();
  return results.map((row) => requestedSchema.parse(row));
}

/** One life of a message, without its name. */
interface Life {
  readonly nameHash: string;
  readonly born: string;
}

/** An item of the queue, with the life of its message. */
export interface Living<Item> {
  readonly item: Item;
  readonly life: Life;
}

type Fact = Pick<FanOutItem, "event" | "summary">;

export async function withLives<Item extends Fact>(items: readonly Item[]): Promise<Living<Item>[]> {
  return Promise.all(
    items.map(async (item) => {
      const { source, messageId, firstReceivedAt } = item.summary;
      return { item, life: { nameHash: await hashName(source, messageId), born: firstReceivedAt } };
    }),
  );
}

/** For `readUnerased`; a statement, so that it can stand in one transaction with others. */
export function selectErased(db: D1Database, living: readonly Living<unknown>[]): D1PreparedStatement {
  return db
    .prepare(
      `SELECT name_hash AS nameHash, born, version FROM erasures WHERE (name_hash, born) IN
         (SELECT value ->> 'nameHash', value ->> 'born' FROM json_each(?1))`,
    )
    .bind(JSON.stringify(living.map(({ life }) => life)));
}

const erasureSchema = z.object({ nameHash: z.string(), born: z.string(), version: z.int() });

export function readUnerased<Item extends Fact>(
  living: readonly Living<Item>[],
  rows: readonly unknown[],
): Item[] {
  const erasures = rows.map((row) => erasureSchema.parse(row));
  const versions = new Map(erasures.map((erasure) => [keyOf(erasure), erasure.version]));
  return living
    .filter(({ item, life }) => item.event.version > (versions.get(keyOf(life)) ?? 0))
    .map(({ item }) => item);
}

/** The items whose message was not erased: the queue may bring one again long after its message is gone. */
export async function withoutErased<Item extends Fact>(
  db: D1Database,
  items: readonly Item[],
): Promise<Item[]> {
  const living = await withLives(items);
  const { results } = await selectErased(db, living).all();
  return readUnerased(living, results);
}

function keyOf({ nameHash, born }: Life): string {
  return `${nameHash}/${born}`;
}

export async function deleteErasuresBefore(db: D1Database, cutoff: string): Promise<void> {
  await db.prepare("DELETE FROM erasures WHERE erased_at < ?1").bind(cutoff).run();
}

async function hashName(source: string, messageId: string): Promise<string> {
  const name = new TextEncoder().encode(messageObjectName(source, messageId));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", name)).toHex();
}
