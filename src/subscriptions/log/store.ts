/** What became of a subscription's deliveries: lists, look-ups and figures for people, out of the object's SQLite. */
import * as z from "zod/mini";
import type { Delivery } from "../../model/subscription.ts";
import { type DeliveryState, deliveryStates } from "../../model/subscriptionWords.ts";
import { attemptsText, type DeliveryKey } from "../deliveries/store.ts";
import { latest, type ShardFigures } from "./figures.ts";

export interface DeliveryQuery {
  readonly state: DeliveryState | null;
  readonly eventId: string | null;
  readonly sinceMs: number | null;
  /** What the subscription may hear of now; null: all. Test events are shown in any case. */
  readonly sources: readonly string[] | null;
  /** Lists go from the newest event to the oldest; this is the last one shown. */
  readonly after: DeliveryKey | null;
  readonly limit: number;
}

const shownColumns = `event_id, received_at_ms, source, message_id, state, attempts, attempts_total,
  next_attempt_at_ms, created_at_ms, deadline_ms, finished_at_ms, replay`;

const shownSchema = z.strictObject({
  event_id: z.string(),
  received_at_ms: z.number(),
  deadline_ms: z.number(),
  attempts_total: z.number(),
  attempts: attemptsText,
  replay: z.nullable(z.string()),
  source: z.nullable(z.string()),
  message_id: z.nullable(z.string()),
  state: z.enum(deliveryStates),
  next_attempt_at_ms: z.nullable(z.number()),
  created_at_ms: z.number(),
  finished_at_ms: z.nullable(z.number()),
});

/** Whether a row is for those to see who may hear of these sources: a list as JSON, or null for all. */
function isVisible(sources: string): string {
  return `(${sources} IS NULL OR source IN (SELECT value FROM json_each(${sources})) OR payload ->> 'test')`;
}

/** Each phase by itself is in order; together they are merged. */
function selectOfPhase(phase: 0 | 1): string {
  return `SELECT * FROM (
    SELECT ${shownColumns} FROM deliveries
    WHERE phase = ${phase}
      AND (?1 IS NULL OR (received_at_ms, event_id) < (?1, ?2))
      AND (?3 IS NULL OR received_at_ms >= ?3)
      AND (?4 IS NULL OR state = ?4)
      AND (?5 IS NULL OR event_id = ?5)
      AND ${isVisible("?7")}
    ORDER BY received_at_ms DESC, event_id DESC LIMIT ?6)`;
}

export function listDeliveries(sql: SqlStorage, subscription: string, query: DeliveryQuery): Delivery[] {
  return sql
    .exec(
      `${selectOfPhase(0)} UNION ALL ${selectOfPhase(1)} ORDER BY received_at_ms DESC, event_id DESC LIMIT ?6`,
      query.after?.receivedAtMs ?? null,
      query.after?.eventId ?? null,
      query.sinceMs,
      query.state,
      query.eventId,
      query.limit,
      query.sources === null ? null : JSON.stringify(query.sources),
    )
    .toArray()
    .map((row) => toShown(row, subscription));
}

/** Those of the given events that have a delivery here; of sources as in `DeliveryQuery`. */
export function findDeliveries(
  sql: SqlStorage,
  subscription: string,
  keys: readonly DeliveryKey[],
  sources: readonly string[] | null,
): Delivery[] {
  return sql
    .exec(
      `SELECT ${shownColumns} FROM json_each(?1) AS wanted JOIN deliveries
       ON phase IN (0, 1) AND received_at_ms = wanted.value ->> 'receivedAtMs' AND event_id = wanted.value ->> 'eventId'
       WHERE ${isVisible("?2")}`,
      JSON.stringify(keys),
      sources === null ? null : JSON.stringify(sources),
    )
    .toArray()
    .map((row) => toShown(row, subscription));
}

const figuresSchema = z.strictObject({
  state: z.enum(deliveryStates),
  deliveries: z.number(),
  attempts: z.number(),
  last_attempt_at_ms: z.nullable(z.number()),
});
const latencySampleRows = 1_000;
const failing: readonly DeliveryState[] = ["retrying", "exhausted", "blocked"];

/** Of deliveries that a list with the same `sources` would show. */
export function readFigures(
  sql: SqlStorage,
  sinceMs: number,
  sources: readonly string[] | null,
): ShardFigures {
  const visible = sources === null ? null : JSON.stringify(sources);
  const rows = sql
    .exec(
      `SELECT state, count(*) AS deliveries, sum(attempts_total) AS attempts,
         max(last_attempt_at_ms) AS last_attempt_at_ms
       FROM deliveries
       WHERE phase IN (0, 1) AND received_at_ms >= ?1
         AND ${isVisible("?2")}
       GROUP BY state`,
      sinceMs,
      visible,
    )
    .toArray()
    .map((row) => figuresSchema.parse(row));
  const latencies = sql.exec<{ ms: number }>(
    `SELECT finished_at_ms - created_at_ms AS ms FROM deliveries
     WHERE phase = 1 AND received_at_ms >= ?1 AND state = 'delivered'
       AND attempts_total = failures + 1
       AND ${isVisible("?3")}
     ORDER BY received_at_ms DESC LIMIT ?2`,
    sinceMs,
    latencySampleRows,
    visible,
  );
  const lastOf = (states: readonly DeliveryState[]) =>
    latest(rows.filter(({ state }) => states.includes(state)).map((row) => row.last_attempt_at_ms));
  return {
    byState: rows.map(({ state, deliveries }) => ({ state, deliveries })),
    attempts: rows.reduce((sum, row) => sum + row.attempts, 0),
    latenciesMs: latencies.toArray().map(({ ms }) => ms),
    lastSuccessAtMs: lastOf(["delivered"]),
    lastFailureAtMs: lastOf(failing),
  };
}

/** Over all that is kept; for the rare question whether an endpoint may be given up. */
export function readLastSuccessMs(sql: SqlStorage): number | null {
  return sql
    .exec<{ at: number | null }>(
      "SELECT max(last_attempt_at_ms) AS at FROM deliveries WHERE state = 'delivered'",
    )
    .one().at;
}

function toShown(row: unknown, subscription: string): Delivery {
  const parsed = shownSchema.parse(row);
  return {
    subscription,
    event: parsed.event_id,
    source: parsed.source,
    messageId: parsed.message_id,
    receivedAt: timeText(parsed.received_at_ms),
    state: parsed.state,
    attempts: parsed.attempts,
    attemptsTotal: parsed.attempts_total,
    nextAttemptAt: parsed.next_attempt_at_ms === null ? null : timeText(parsed.next_attempt_at_ms),
    createdAt: timeText(parsed.created_at_ms),
    deadlineAt: timeText(parsed.deadline_ms),
    finishedAt: parsed.finished_at_ms === null ? null : timeText(parsed.finished_at_ms),
    replay: parsed.replay,
  };
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}
