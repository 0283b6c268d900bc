/**
 * Which events of a batch the feed has already.
 *
 * The invariant: an event can't have been published before it was received. So it is looked for only in the rows
 * published since its receipt (less the skew of clocks): for a fresh event that is a few seconds in memory, for one
 * that comes late the rows of the log as far back as needed. No event costs an index row.
 */
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";

/** A row's ids, with its time. */
export interface PublishedIds {
  readonly lastPlace: number;
  readonly publishedAtMs: number;
  readonly ids: readonly string[];
}

export interface Repeats {
  /** The events that are not in the log yet, each once, in their order. */
  firstTimers(events: readonly Event[], nowMs: number): Event[];
  /** Rows were written. */
  remember(rows: readonly PublishedIds[]): void;
}

/** `idsThrough` reads the rows up to a place, newest first, only as far as it is asked to go. */
export function createRepeats(head: number, idsThrough: (place: number) => Iterable<PublishedIds>): Repeats {
  /** The newest rows, oldest first, with their ids in `known`; everything behind them is in the log only. */
  let rows: PublishedIds[] | null = null;
  let known = new Set<string>();

  function load(nowMs: number): PublishedIds[] {
    const loaded: PublishedIds[] = [];
    let count = 0;
    for (const row of idsThrough(head)) {
      if (row.publishedAtMs < nowMs - 2 * limits.feedClockSkewMs) break;
      loaded.push(row);
      count += row.ids.length;
      if (count >= limits.feedRecentIdsMax / 2) break;
    }
    known = new Set(loaded.flatMap((row) => row.ids));
    return loaded.toReversed();
  }

  /** Looks beyond memory, back to the time at which the oldest of the candidates can have been published. */
  function inLog(candidates: readonly Event[], recent: readonly PublishedIds[], nowMs: number): Set<string> {
    const found = new Set<string>();
    if (candidates.length === 0) return found;
    const wanted = new Set(candidates.map((event) => event.id));
    const since = Math.min(...candidates.map((event) => publishableSinceMs(event, nowMs)));
    const oldest = recent[0];
    const through = oldest === undefined ? head : oldest.lastPlace - oldest.ids.length;
    for (const row of idsThrough(through)) {
      if (row.publishedAtMs < since) break;
      for (const id of row.ids) if (wanted.has(id)) found.add(id);
    }
    return found;
  }

  return {
    firstTimers(events, nowMs) {
      rows ??= load(nowMs);
      const unknown = new Map<string, Event>();
      for (const event of events) {
        if (!known.has(event.id) && !unknown.has(event.id)) unknown.set(event.id, event);
      }
      const candidates = [...unknown.values()];
      const old = inLog(candidates, rows, nowMs);
      return candidates.filter((event) => !old.has(event.id));
    },
    remember(written) {
      rows ??= [];
      rows.push(...written);
      for (const row of written) for (const id of row.ids) known.add(id);
      if (known.size <= limits.feedRecentIdsMax) return;
      while (known.size > limits.feedRecentIdsMax / 2) {
        const oldest = rows.shift();
        if (oldest === undefined) break;
        for (const id of oldest.ids) known.delete(id);
      }
    },
  };
}

function publishableSinceMs(event: Event, nowMs: number): number {
  return Math.min(Date.parse(event.receivedAt), nowMs) - limits.feedClockSkewMs;
}
