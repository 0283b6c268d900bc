/**
 * The feed's order: gives each new event the next place, writes it down, and knows what is still kept.
 *
 * The invariant: places have no gap and no event has two, across batches, repeats and restarts; what is kept is
 * always the newest run of the log. Everything here happens in the caller's synchronous turn.
 */
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import { type Entry, entryOf, type Located, type StreamLog } from "../stream/log.ts";
import { utf8Bytes } from "../stream/protocol.ts";
import { readFeedCursor, writeFeedCursor } from "./cursor.ts";
import { createRepeats, markOf, type PublishedMarks } from "./repeats.ts";

export interface RowBounds {
  readonly firstPlace: number;
  readonly lastPlace: number;
  readonly publishedAtMs: number;
}

/** Events that were published together; `events` is a JSON array, null where one was erased. */
export interface NewRow extends RowBounds {
  readonly marks: readonly string[];
  readonly events: string;
}

/** Where the log is kept: one row a batch. */
export interface FeedStore {
  /** Null while nothing was ever published, and then there is nothing to read either. */
  epoch(): string | null;
  begin(epoch: string): void;
  newest(): RowBounds | null;
  oldest(): RowBounds | null;
  /** All of them or none. */
  append(rows: readonly NewRow[]): void;
  /** Rows that reach behind the place, in order, read lazily. */
  rowsAfter(place: number): Iterable<{ firstPlace: number; events: readonly (Event | null)[] }>;
  /** Rows up to the place, newest first, read lazily. */
  marksThrough(place: number): Iterable<PublishedMarks>;
  /** Empties the places of events with these marks, in rows published since then; places and marks stay. */
  erase(marks: ReadonlySet<string>, sinceMs: number): void;
  /** Drops the oldest rows that are older than this or end before this; returns how many. */
  drop(olderThanMs: number, throughPlace: number, rowsMax: number): number;
}

export interface FeedLog extends StreamLog {
  /** When the newest event was published; null while there is none. */
  readonly publishedAtMs: number | null;
  /** Leaves out repeats, writes the rest, and returns it in its new places. */
  publish(events: readonly Event[], nowMs: number): Entry[];
  /** Forgets what these events said. Their places stay, so that no chain breaks, and a repeat stays a repeat. */
  erase(events: readonly Pick<Event, "id" | "receivedAt">[]): void;
}

export function openFeedLog(store: FeedStore, newEpoch: () => string): FeedLog {
  let epoch = store.epoch();
  let newest = epoch === null ? null : store.newest();
  let oldest = epoch === null ? null : store.oldest();
  let nextPruneAtMs = 0;
  const repeats = createRepeats(newest?.lastPlace ?? 0, (place) =>
    epoch === null ? [] : store.marksThrough(place),
  );

  function cursorOf(place: number): string {
    return writeFeedCursor(epoch, place);
  }

  function prune(nowMs: number): void {
    const olderThanMs = nowMs - limits.feedRetentionMs;
    const throughPlace = (newest?.lastPlace ?? 0) - limits.feedEventsMax;
    if (oldest === null || nowMs < nextPruneAtMs) return;
    if (oldest.publishedAtMs >= olderThanMs && oldest.lastPlace > throughPlace) return;
    const dropped = store.drop(olderThanMs, throughPlace, limits.feedPrunedRowsMax);
    oldest = store.oldest();
    // Nothing left to drop: rows that age in the meantime go together.
    if (dropped < limits.feedPrunedRowsMax) nextPruneAtMs = nowMs + limits.feedPruneIntervalMs;
  }

  return {
    get head() {
      return newest?.lastPlace ?? 0;
    },
    get publishedAtMs() {
      return newest?.publishedAtMs ?? null;
    },
    get earliest() {
      return oldest === null ? 0 : oldest.firstPlace - 1;
    },
    cursorOf,
    locate(after): Located {
      return locate(after, { epoch, head: this.head, earliest: this.earliest });
    },
    *entriesAfter(place) {
      if (place >= this.head) return;
      for (const row of store.rowsAfter(place)) {
        for (const [index, event] of row.events.entries()) {
          const eventPlace = row.firstPlace + index;
          if (eventPlace > place) yield entryOf(eventPlace, event, cursorOf(eventPlace));
        }
      }
    },
    publish(events, nowMs) {
      const fresh = repeats.firstTimers(events, nowMs);
      if (fresh.length === 0) return [];
      epoch ??= begin(store, newEpoch());
      const firstPlace = this.head + 1;
      // Never back in time, so that rows are in the order of their times too.
      const rows = rowsOf(fresh, firstPlace, Math.max(nowMs, newest?.publishedAtMs ?? 0));
      store.append(rows);
      repeats.remember(rows);
      newest = rows.at(-1) ?? newest;
      oldest ??= rows[0] ?? null;
      prune(nowMs);
      return fresh.map((event, index) => entryOf(firstPlace + index, event, cursorOf(firstPlace + index)));
    },
    erase(events) {
      if (epoch === null || events.length === 0) return;
      const sinceMs =
        Math.min(...events.map((event) => Date.parse(event.receivedAt))) - limits.feedClockSkewMs;
      store.erase(new Set(events.map(markOf)), sinceMs);
    },
  };
}

function begin(store: FeedStore, epoch: string): string {
  store.begin(epoch);
  return epoch;
}

function locate(
  after: string,
  { epoch, head, earliest }: { epoch: string | null; head: number; earliest: number },
): Located {
  if (after === "now") return { kind: "found", place: head };
  if (after === "earliest") return { kind: "found", place: earliest };
  const cursor = readFeedCursor(after);
  if (cursor === null) return { kind: "malformed" };
  if (cursor.epoch !== null && cursor.epoch !== epoch) return { kind: "reset", reason: "epoch" };
  if (cursor.place > head) return { kind: "reset", reason: "ahead" };
  if (cursor.place < earliest) return { kind: "reset", reason: "expired" };
  return { kind: "found", place: cursor.place };
}

/** As few rows as the size of a row allows. */
function rowsOf(events: readonly Event[], firstPlace: number, publishedAtMs: number): NewRow[] {
  const rows: NewRow[] = [];
  let texts: string[] = [];
  let marks: string[] = [];
  let bytes = 0;
  let start = firstPlace;
  function turn(): void {
    const lastPlace = start + marks.length - 1;
    rows.push({ firstPlace: start, lastPlace, publishedAtMs, marks, events: `[${texts.join(",")}]` });
    start = lastPlace + 1;
    texts = [];
    marks = [];
    bytes = 0;
  }
  for (const event of events) {
    const text = JSON.stringify(event);
    const textBytes = utf8Bytes(text) + 1;
    if (marks.length > 0 && bytes + textBytes > limits.feedRowBytesMax) turn();
    texts.push(text);
    marks.push(markOf(event));
    bytes += textBytes;
  }
  if (marks.length > 0) turn();
  return rows;
}
