/**
 * Which events of a batch the feed has already.
 *
 * The invariant: an event can't have been published before it was received. So it is looked for only in the rows
 * published since its receipt (less the skew of clocks): for a fresh event that is a few seconds in memory, for one
 * that comes late the rows of the log as far back as needed. No event costs an index row.
 */
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";

/** A row's marks, with its time. */
export interface PublishedMarks {
  readonly lastPlace: number;
  readonly publishedAtMs: number;
  readonly marks: readonly string[];
}

/**
 * What tells one event from all others. A repeat that the queue brings has the same of both; but a message that was erased,
 * and that its provider told of again, has events of the same ids once more, received later.
 */
export function markOf({ id, receivedAt }: Pick<Event, "id" | "receivedAt">): string {
  return `${id} ${receivedAt}`;
}

export interface Repeats {
  /** The events that are not in the log yet, each once, in their order. */
  firstTimers(events: readonly Event[], nowMs: number): Event[];
  /** Rows were written. */
  remember(rows: readonly PublishedMarks[]): void;
}

/** `marksThrough` reads the rows up to a place, newest first, only as far as it is asked to go. */
export function createRepeats(
  head: number,
  marksThrough: (place: number) => Iterable<PublishedMarks>,
): Repeats {
  /** The newest rows, oldest first, with their marks in `known`; everything behind them is in the log only. */
  let rows: PublishedMarks[] | null = null;
  let known = new Set<string>();

  function load(nowMs: number): PublishedMarks[] {
    const loaded: PublishedMarks[] = [];
    let count = 0;
    for (const row of marksThrough(head)) {
      if (row.publishedAtMs < nowMs - 2 * limits.feedClockSkewMs) break;
      loaded.push(row);
      count += row.marks.length;
      if (count >= limits.feedRecentIdsMax / 2) break;
    }
    known = new Set(loaded.flatMap((row) => row.marks));
    return loaded.toReversed();
  }

  /** Looks beyond memory, back to the time at which the oldest of the candidates can have been published. */
  function inLog(
    candidates: ReadonlyMap<string, Event>,
    recent: readonly PublishedMarks[],
    nowMs: number,
  ): Set<string> {
    const found = new Set<string>();
    if (candidates.size === 0) return found;
    const since = Math.min(...[...candidates.values()].map((event) => publishableSinceMs(event, nowMs)));
    const oldest = recent[0];
    const through = oldest === undefined ? head : oldest.lastPlace - oldest.marks.length;
    for (const row of marksThrough(through)) {
      if (row.publishedAtMs < since) break;
      for (const mark of row.marks) if (candidates.has(mark)) found.add(mark);
    }
    return found;
  }

  return {
    firstTimers(events, nowMs) {
      rows ??= load(nowMs);
      const unknown = new Map<string, Event>();
      for (const event of events) {
        const mark = markOf(event);
        if (!known.has(mark) && !unknown.has(mark)) unknown.set(mark, event);
      }
      const old = inLog(unknown, rows, nowMs);
      return [...unknown].flatMap(([mark, event]) => (old.has(mark) ? [] : [event]));
    },
    remember(written) {
      rows ??= [];
      rows.push(...written);
      for (const row of written) for (const mark of row.marks) known.add(mark);
      if (known.size <= limits.feedRecentIdsMax) return;
      while (known.size > limits.feedRecentIdsMax / 2) {
        const oldest = rows.shift();
        if (oldest === undefined) break;
        for (const mark of oldest.marks) known.delete(mark);
      }
    },
  };
}

function publishableSinceMs(event: Event, nowMs: number): number {
  return Math.min(Date.parse(event.receivedAt), nowMs) - limits.feedClockSkewMs;
}
