/**
 * The deliveries of one subscription object, in its own SQLite: what is pending, when, and what was tried.
 *
 * One row a delivery, written once when it is made and once for each attempt. Rows that wait for their first
 * attempt stand apart in the key (`phase` 0), in order of receipt, so that no index has to be written for them.
 */
import * as z from "zod/mini";
import { attemptSchema, type DeliveryState } from "../../model/subscriptionWords.ts";
import { jsonText } from "../../model/text.ts";
import type { Standing } from "../schedule/alarm.ts";
import type { Choice } from "../schedule/attempting.ts";
import type { Conclusion, PendingDelivery } from "./delivery.ts";

export interface DeliveryKey {
  readonly receivedAtMs: number;
  readonly eventId: string;
}

/** An event on its way into an object: the payload is JSON that the object passes on unread. */
export interface NewDelivery extends DeliveryKey {
  readonly source: string | null;
  readonly messageId: string | null;
  readonly payload: string;
}

const pendingColumns =
  "event_id, received_at_ms, deadline_ms, failures, attempts_total, attempts, payload, replay";
/** The log of a delivery as its row holds it. */
export const attemptsText = jsonText(z.array(attemptSchema));
const pendingSchema = z.strictObject({
  event_id: z.string(),
  received_at_ms: z.number(),
  deadline_ms: z.number(),
  failures: z.number(),
  attempts_total: z.number(),
  attempts: attemptsText,
  payload: z.string(),
  replay: z.nullable(z.string()),
});
export function createTables(sql: SqlStorage): void {
  sql.exec(`
    CREATE TABLE IF NOT EXISTS deliveries (
      phase INTEGER NOT NULL, -- 0: waits for its first attempt; 1: afterwards
      received_at_ms INTEGER NOT NULL, -- of the event: part of the key, since a repeat brings the same
      event_id TEXT NOT NULL,
      state TEXT NOT NULL,
      next_attempt_at_ms INTEGER, -- while it is retried
      created_at_ms INTEGER NOT NULL,
      deadline_ms INTEGER NOT NULL,
      last_attempt_at_ms INTEGER,
      finished_at_ms INTEGER,
      failures INTEGER NOT NULL, -- since it was made, or made again
      attempts_total INTEGER NOT NULL,
      source TEXT,
      message_id TEXT,
      replay TEXT,
      attempts TEXT NOT NULL, -- JSON, oldest first
      payload TEXT NOT NULL, -- JSON of the event
      PRIMARY KEY (phase, received_at_ms, event_id)
    ) WITHOUT ROWID;
    -- A second billed row, but only for deliveries that failed.
    CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (next_attempt_at_ms) WHERE next_attempt_at_ms IS NOT NULL;
  `);
}

/** False: it was there already, in whatever state. */
export function insertDelivery(
  sql: SqlStorage,
  delivery: NewDelivery,
  nowMs: number,
  deadlineMs: number,
  replay: string | null,
): boolean {
  const cursor = sql.exec(
    `INSERT INTO deliveries (phase, received_at_ms, event_id, state, created_at_ms, deadline_ms, failures,
       attempts_total, source, message_id, replay, attempts, payload)
     SELECT 0, ?1, ?2, 'pending', ?3, ?4, 0, 0, ?5, ?6, ?7, '[]', ?8
     WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE phase = 1 AND received_at_ms = ?1 AND event_id = ?2)
     ON CONFLICT (phase, received_at_ms, event_id) DO NOTHING`,
    delivery.receivedAtMs,
    delivery.eventId,
    nowMs,
    deadlineMs,
    delivery.source,
    delivery.messageId,
    replay,
    delivery.payload,
  );
  return cursor.rowsWritten > 0;
}

/**
 * What may be attempted now, first attempts (oldest event first) and retries (longest due first) in turn, so that
 * neither waits for the other's backlog.
 */
export function readStartable(
  sql: SqlStorage,
  nowMs: number,
  { inFlight, count, dueFirst }: Choice,
): PendingDelivery[] {
  if (count <= 0) return [];
  const excluded = JSON.stringify([...inFlight]);
  const waiting = sql
    .exec(
      `SELECT ${pendingColumns} FROM deliveries
       WHERE phase = 0 AND event_id NOT IN (SELECT value FROM json_each(?))
       ORDER BY received_at_ms, event_id LIMIT ?`,
      excluded,
      count,
    )
    .toArray();
  const due = sql
    .exec(
      `SELECT ${pendingColumns} FROM deliveries
       WHERE next_attempt_at_ms <= ? AND event_id NOT IN (SELECT value FROM json_each(?))
       ORDER BY next_attempt_at_ms LIMIT ?`,
      nowMs,
      excluded,
      count,
    )
    .toArray();
  const [first, second] = dueFirst ? [due, waiting] : [waiting, due];
  return alternate(first, second).slice(0, count).map(toPending);
}

function alternate<Item>(first: readonly Item[], second: readonly Item[]): Item[] {
  return [
    ...first.flatMap((item, index) => [item, ...second.slice(index, index + 1)]),
    ...second.slice(first.length),
  ];
}

/** At most as many as asked for are counted. */
export function countWaiting(sql: SqlStorage, most: number): number {
  const { waiting } = sql
    .exec<{ waiting: number }>(
      "SELECT count(*) AS waiting FROM (SELECT 1 FROM deliveries WHERE phase = 0 LIMIT ?)",
      most,
    )
    .one();
  return waiting;
}

/** What the alarm goes by. */
export function readStanding(sql: SqlStorage): Standing {
  return {
    earliestRetryAtMs: readTime(
      sql,
      `SELECT next_attempt_at_ms AS at FROM deliveries
       WHERE next_attempt_at_ms IS NOT NULL ORDER BY next_attempt_at_ms LIMIT 1`,
    ),
    hasWaiting: () => countWaiting(sql, 1) > 0,
    oldestReceivedAtMs: () =>
      readTime(
        sql,
        "SELECT received_at_ms AS at FROM deliveries WHERE phase = 1 ORDER BY received_at_ms LIMIT 1",
      ),
  };
}

function readTime(sql: SqlStorage, query: string): number | null {
  const [first] = sql.exec<{ at: number }>(query);
  return first?.at ?? null;
}

/** Writes down what an attempt came to; nothing if the delivery was erased meanwhile. */
export function recordConclusion(
  sql: SqlStorage,
  key: DeliveryKey,
  conclusion: Conclusion,
  attemptedAtMs: number,
): void {
  sql.exec(
    `UPDATE deliveries SET phase = 1, state = ?3, next_attempt_at_ms = ?4, finished_at_ms = ?5, failures = ?6,
       attempts_total = ?7, attempts = ?8, last_attempt_at_ms = ?9
     WHERE phase IN (0, 1) AND received_at_ms = ?1 AND event_id = ?2`,
    key.receivedAtMs,
    key.eventId,
    conclusion.state,
    conclusion.nextAttemptAtMs,
    conclusion.finishedAtMs,
    conclusion.failures,
    conclusion.attemptsTotal,
    JSON.stringify(conclusion.attempts),
    attemptedAtMs,
  );
}

/** Ends a delivery without an attempt. */
export function endDelivery(sql: SqlStorage, key: DeliveryKey, state: DeliveryState, nowMs: number): void {
  sql.exec(
    `UPDATE deliveries SET phase = 1, state = ?3, next_attempt_at_ms = NULL, finished_at_ms = ?4
     WHERE phase IN (0, 1) AND received_at_ms = ?1 AND event_id = ?2`,
    key.receivedAtMs,
    key.eventId,
    state,
    nowMs,
  );
}

/** All that have not ended become `canceled`, but for those that are being attempted: their attempt decides. */
export function cancelUnfinished(sql: SqlStorage, nowMs: number, attempted: readonly string[]): void {
  sql.exec(
    `UPDATE deliveries SET phase = 1, state = 'canceled', next_attempt_at_ms = NULL, finished_at_ms = ?1
     WHERE (phase = 0 OR next_attempt_at_ms IS NOT NULL) AND event_id NOT IN (SELECT value FROM json_each(?2))`,
    nowMs,
    JSON.stringify(attempted),
  );
}

export interface Beginning {
  readonly deadlineMs: number;
  /** Null: it keeps the one that it has. */
  readonly replay: string | null;
  /** Only a delivery in one of these begins. */
  readonly states: readonly DeliveryState[];
}

/** Begins an ended or failing delivery again, with a new deadline. */
export function beginAgain(
  sql: SqlStorage,
  key: DeliveryKey,
  { deadlineMs, replay, states }: Beginning,
): void {
  sql.exec(
    `UPDATE deliveries SET phase = 0, state = 'pending', next_attempt_at_ms = NULL, finished_at_ms = NULL,
       failures = 0, deadline_ms = ?3, replay = coalesce(?4, replay)
     WHERE phase = 1 AND received_at_ms = ?1 AND event_id = ?2 AND state IN (SELECT value FROM json_each(?5))`,
    key.receivedAtMs,
    key.eventId,
    deadlineMs,
    replay,
    JSON.stringify(states),
  );
}

/** Brings the next attempt forward; the waits after it stay as they would have been. */
export function hasten(sql: SqlStorage, key: DeliveryKey, nowMs: number): void {
  sql.exec(
    `UPDATE deliveries SET next_attempt_at_ms = ?3, failures = max(0, failures - 1)
     WHERE phase = 1 AND received_at_ms = ?1 AND event_id = ?2 AND next_attempt_at_ms > ?3`,
    key.receivedAtMs,
    key.eventId,
    nowMs,
  );
}

export function eraseDeliveries(sql: SqlStorage, keys: readonly DeliveryKey[]): void {
  sql.exec(
    `DELETE FROM deliveries WHERE phase IN (0, 1) AND (received_at_ms, event_id) IN
       (SELECT value ->> 'receivedAtMs', value ->> 'eventId' FROM json_each(?))`,
    JSON.stringify(keys),
  );
}

/** Forgets what ended before. */
export function pruneDeliveries(sql: SqlStorage, endedBeforeMs: number): void {
  sql.exec(
    "DELETE FROM deliveries WHERE phase = 1 AND received_at_ms < ?1 AND finished_at_ms < ?1",
    endedBeforeMs,
  );
}

function toPending(row: unknown): PendingDelivery {
  const parsed = pendingSchema.parse(row);
  return {
    eventId: parsed.event_id,
    receivedAtMs: parsed.received_at_ms,
    deadlineMs: parsed.deadline_ms,
    failures: parsed.failures,
    attemptsTotal: parsed.attempts_total,
    attempts: parsed.attempts,
    payload: parsed.payload,
    replay: parsed.replay,
  };
}
