/** The feed's log in the SQLite of its object. Shape and lifetime: docs/storage.md. */
import * as z from "zod/mini";
import { eventSchema } from "../model/event.ts";
import type { FeedStore, NewRow, RowBounds } from "./log.ts";
import { markOf } from "./repeats.ts";

const epochName = "epoch";
const boundsSchema = z.object({ first_place: z.int(), last_place: z.int(), published_at_ms: z.int() });
const eventsRowSchema = z.object({ first_place: z.int(), events: z.string() });
const eventsSchema = z.array(z.nullable(eventSchema));
const marksRowSchema = z.object({ last_place: z.int(), published_at_ms: z.int(), marks: z.string() });

export function openFeedStore(storage: DurableObjectStorage): FeedStore {
  const { sql } = storage;
  return {
    epoch: () => {
      const stored = storage.kv.get(epochName);
      return stored === undefined ? null : z.string().parse(stored);
    },
    begin: (epoch) => begin(storage, epoch),
    newest: () => readBounds(sql.exec(selectNewest)),
    oldest: () => readBounds(sql.exec(selectOldest)),
    append: (rows) => storage.transactionSync(() => rows.forEach((row) => insert(sql, row))),
    *rowsAfter(place) {
      for (const row of sql.exec(selectEvents, place)) {
        const { first_place, events } = eventsRowSchema.parse(row);
        yield { firstPlace: first_place, events: eventsSchema.parse(JSON.parse(events)) };
      }
    },
    *marksThrough(place) {
      for (const row of sql.exec(selectMarks, place)) {
        const { last_place, published_at_ms, marks } = marksRowSchema.parse(row);
        yield { lastPlace: last_place, publishedAtMs: published_at_ms, marks: marks.split("\n") };
      }
    },
    erase: (marks, sinceMs) => storage.transactionSync(() => erase(sql, marks, sinceMs)),
    drop: (olderThanMs, throughPlace, rowsMax) =>
      sql.exec(deleteOldest, rowsMax, olderThanMs, throughPlace).rowsWritten,
  };
}

const selectNewest =
  "SELECT first_place, last_place, published_at_ms FROM batches ORDER BY last_place DESC LIMIT 1";
const selectOldest =
  "SELECT first_place, last_place, published_at_ms FROM batches ORDER BY last_place ASC LIMIT 1";
const selectEvents = "SELECT first_place, events FROM batches WHERE last_place > ? ORDER BY last_place";
/**
 * The column `ids` has the marks. Rows of before 22 November 2026 have bare ids: the rest is in their events, but for
 * those that were erased, which count all the same. After the 24 h that the feed keeps there is none any more.
 */
const selectMarks = `
  SELECT last_place, published_at_ms, iif(instr(ids, ' '), ids, (
      SELECT group_concat(coalesce(value ->> 'id' || ' ' || (value ->> 'receivedAt'), ''), char(10))
      FROM json_each(events)
    )) AS marks
  FROM batches WHERE last_place <= ? ORDER BY last_place DESC`;
const selectRow = "SELECT first_place, events FROM batches WHERE last_place = ?";
const deleteOldest = `
  DELETE FROM batches WHERE last_place IN (
    SELECT last_place FROM (SELECT last_place, published_at_ms FROM batches ORDER BY last_place LIMIT ?)
    WHERE published_at_ms < ? OR last_place <= ?
  )`;

/** One row a batch: `last_place` is the rowid, and the marks stand beside the events instead of in an index. */
function begin(storage: DurableObjectStorage, epoch: string): void {
  storage.transactionSync(() => {
    storage.sql.exec(`CREATE TABLE IF NOT EXISTS batches (
      last_place INTEGER PRIMARY KEY,
      first_place INTEGER NOT NULL,
      published_at_ms INTEGER NOT NULL,
      ids TEXT NOT NULL,
      events TEXT NOT NULL
    )`);
    storage.kv.put(epochName, epoch);
  });
}

function insert(sql: SqlStorage, row: NewRow): void {
  const { rowsWritten } = sql.exec(
    `INSERT INTO batches (last_place, first_place, published_at_ms, ids, events) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (last_place) DO NOTHING`,
    row.lastPlace,
    row.firstPlace,
    row.publishedAtMs,
    row.marks.join("\n"),
    row.events,
  );
  if (rowsWritten === 0) throw new Error("a place of the feed was given twice");
}

function erase(sql: SqlStorage, erased: ReadonlySet<string>, sinceMs: number): void {
  // Newest first, so that the walk can end; collected first, since a row that is written ends its own walk.
  const touched: number[] = [];
  for (const row of sql.exec(selectMarks, Number.MAX_SAFE_INTEGER)) {
    const { last_place, published_at_ms, marks } = marksRowSchema.parse(row);
    if (published_at_ms < sinceMs) break;
    if (marks.split("\n").some((mark) => erased.has(mark))) touched.push(last_place);
  }
  for (const place of touched) {
    const { events } = eventsRowSchema.parse(sql.exec(selectRow, place).one());
    const kept = eventsSchema
      .parse(JSON.parse(events))
      .map((event) => (event !== null && erased.has(markOf(event)) ? null : event));
    sql.exec("UPDATE batches SET events = ? WHERE last_place = ?", JSON.stringify(kept), place);
  }
}

function readBounds(rows: Iterable<unknown>): RowBounds | null {
  for (const row of rows) {
    const { first_place, last_place, published_at_ms } = boundsSchema.parse(row);
    return { firstPlace: first_place, lastPlace: last_place, publishedAtMs: published_at_ms };
  }
  return null;
}
