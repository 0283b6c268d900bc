/** Which messages are old enough to go, and their rows going, in chunks that may run twice. */
import * as z from "zod/mini";

const expiringRowSchema = z.object({
  source: z.string(),
  messageId: z.string(),
  born: z.string(),
  version: z.int(),
});

export type ExpiringMessage = z.infer<typeof expiringRowSchema>;

/** Messages without activity since the cutoff, oldest first, but for so many of the oldest. */
export async function listExpiring(
  db: D1Database,
  cutoff: string,
  skipped: number,
  limit: number,
): Promise<ExpiringMessage[]> {
  const { results } = await db
    .prepare(
      `SELECT source, message_id AS messageId, born, version FROM messages
       WHERE last_received_at < ?1 ORDER BY last_received_at LIMIT ?2 OFFSET ?3`,
    )
    .bind(cutoff, limit, skipped)
    .all();
  return results.map((row) => expiringRowSchema.parse(row));
}

/** Unless something newer came meanwhile. */
const isGone = `
  (source, message_id) IN (
    SELECT m.source, m.message_id FROM messages AS m JOIN json_each(?1) AS g
      ON m.source = g.value ->> 'source' AND m.message_id = g.value ->> 'messageId'
    WHERE m.born = g.value ->> 'born' AND m.version <= g.value ->> 'version')`;

/** Their rows, aliases and former recipients. How many messages went: of those that another run was faster with, none. */
export async function deleteMessages(db: D1Database, gone: readonly ExpiringMessage[]): Promise<number> {
  const results = await db.batch(
    [
      `DELETE FROM message_aliases WHERE (alias, source, message_id) IN (
         SELECT alias.value, source, message_id FROM messages, json_each(summary, '$.aliases') AS alias
         WHERE ${isGone})`,
      `DELETE FROM former_recipients WHERE ${isGone}`,
      `DELETE FROM messages WHERE ${isGone}`,
    ].map((sql) => db.prepare(sql).bind(JSON.stringify(gone))),
  );
  return results.at(-1)?.meta.changes ?? 0;
}

/** How many events went; fewer than the limit: none is left before the cutoff. */
export async function deleteEventsBefore(db: D1Database, cutoff: string, limit: number): Promise<number> {
  const { meta } = await db
    .prepare(
      `DELETE FROM events WHERE (received_at, id) IN (
         SELECT received_at, id FROM events WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)`,
    )
    .bind(cutoff, limit)
    .run();
  return meta.changes;
}
