/** Counts of events per minute: rolled up by the cron, and counted on the spot where that has not happened yet. */
import { type ActiveRow, activeRowSchema, type CountRow, countRowSchema } from "./counts.ts";
import { latencyBoundsSeconds } from "./latency.ts";

const latencyCase = latencyBoundsSeconds
  .map((seconds) => `WHEN latency <= ${seconds} THEN '${seconds}'`)
  .join(" ");

/**
 * Counts all events received in [?1, ?2). A latency belongs to the event that ended it, and is taken from the first
 * times of its message.
 */
const countEvents = `
  WITH span AS (SELECT * FROM events WHERE received_at >= ?1 AND received_at < ?2),
  latencies AS (
    SELECT span.received_at, span.source, 'sentToDelivered' AS measure,
           unixepoch(summary ->> '$.firstAt.delivered', 'subsec') - unixepoch(summary ->> '$.firstAt.sent', 'subsec') AS latency
    FROM span JOIN messages USING (source, message_id) WHERE span.status = 'delivered'
    UNION ALL
    SELECT span.received_at, span.source, 'deliveredToRead',
           unixepoch(summary ->> '$.firstAt.read', 'subsec') - unixepoch(summary ->> '$.firstAt.delivered', 'subsec')
    FROM span JOIN messages USING (source, message_id) WHERE span.status = 'read'
  )
  SELECT substr(received_at, 1, 16) AS minute, source, 'status' AS measure, status AS bucket, count(*) AS count
    FROM span GROUP BY 1, 2, 4
  UNION ALL
  SELECT substr(received_at, 1, 16), source, 'effect', effect, count(*) FROM span GROUP BY 1, 2, 4
  UNION ALL
  SELECT substr(received_at, 1, 16), source, 'repeats', '', sum(repeats) FROM span GROUP BY 1, 2
    HAVING sum(repeats) > 0
  UNION ALL
  SELECT substr(received_at, 1, 16), source, 'reason',
         json_object('kind', body ->> '$.reason.kind', 'code', body ->> '$.reason.code', 'text', body ->> '$.reason.text'),
         count(*)
    FROM span WHERE body ->> '$.reason.kind' IS NOT NULL GROUP BY 1, 2, 4
  UNION ALL
  SELECT substr(received_at, 1, 16), source, measure, CASE ${latencyCase} ELSE 'more' END, count(*)
    FROM latencies WHERE latency >= 0 GROUP BY 1, 2, 3, 4`;

/** May run any number of times for a span: a minute is always counted as a whole, and written only where it changed. */
export async function rollUp(db: D1Database, from: string, until: string): Promise<void> {
  await db
    .prepare(
      `INSERT INTO rollups (minute, source, measure, bucket, count)
       SELECT * FROM (${countEvents}) WHERE true
       ON CONFLICT (minute, source, measure, bucket) DO UPDATE SET count = excluded.count
       WHERE count <> excluded.count`,
    )
    .bind(from, until)
    .run();
}

const sumRollups = `
  SELECT CASE WHEN measure <> 'status' THEN '' WHEN ?2 THEN substr(minute, 1, 13) || ':00' ELSE minute END AS minute,
         source, measure, bucket, sum(count) AS count
  FROM rollups
  WHERE minute >= substr(?1, 1, 16) AND (?3 IS NULL OR source IN (SELECT value FROM json_each(?3)))
  GROUP BY 1, 2, 3, 4`;

/**
 * Counts since a minute: the rolled-up ones, then from the first minute that is not, the events themselves. Only
 * statuses are told by minute, or by hour: the rest is asked for as a whole. `sources` null: all.
 */
export async function readCounts(
  db: D1Database,
  since: string,
  byHour: boolean,
  sources: readonly string[] | null,
): Promise<CountRow[]> {
  const last = await db
    .prepare("SELECT max(minute) AS minute FROM rollups WHERE minute >= substr(?1, 1, 16)")
    .bind(since)
    .first<string | null>("minute");
  const bound = sources === null ? null : JSON.stringify(sources);
  const rolled = await db
    .prepare(sumRollups)
    .bind(since, byHour ? 1 : 0, bound)
    .all();
  const from = last === null ? since : minuteAfter(last);
  const live = await db.prepare(countEvents).bind(from, "9999").all();
  const counted = live.results.map((row) => countRowSchema.parse(row));
  return [
    ...rolled.results.map((row) => countRowSchema.parse(row)),
    ...counted.filter((row) => sources === null || sources.includes(row.source)),
  ];
}

export async function deleteRollupsBefore(db: D1Database, cutoff: string): Promise<void> {
  await db.prepare("DELETE FROM rollups WHERE minute < substr(?1, 1, 16)").bind(cutoff).run();
}

/**
 * Messages with activity since then, by source and what they show now; `sources` null: all. The index is named, since for
 * the sake of the grouping SQLite would walk along the primary key, and read all that is kept.
 */
export async function countActive(
  db: D1Database,
  since: string,
  sources: readonly string[] | null,
): Promise<ActiveRow[]> {
  const { results } = await db
    .prepare(
      `SELECT source, status, count(*) AS count, max(last_received_at) AS lastReceivedAt
       FROM messages INDEXED BY messages_by_activity
       WHERE last_received_at >= ?1 AND (?2 IS NULL OR source IN (SELECT value FROM json_each(?2)))
       GROUP BY source, status`,
    )
    .bind(since, sources === null ? null : JSON.stringify(sources))
    .all();
  return results.map((row) => activeRowSchema.parse(row));
}

function minuteAfter(minute: string): string {
  return new Date(Date.parse(`${minute}:00.000Z`) + 60_000).toISOString();
}
