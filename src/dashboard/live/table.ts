/**
 * The live table's contents: what the list said, moved on by the feed, drawn at most once a frame.
 *
 * Nothing is lost while it is held: what arrives is taken in at once, and only the drawing waits.
 */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Event } from "../../model/event.ts";
import { listMessages } from "../api/messages.ts";
import type { Problem } from "../api/problem.ts";
import { follow, type Follower } from "../state/feed.ts";
import { feedFilterOf, fits, isUncertain, type LiveFilter, queriesOf } from "./filter.ts";
import { moveOn, newer, type Row, rowKey, rowOf } from "./row.ts";

/** Rows on the screen; more than anybody reads, and few enough to draw in a frame. */
export const rowsMax = 150;
/** Messages kept beside, so that rows that fall behind the edge can come back. */
const knownMax = 1_000;
const changedMax = 9_999;
/** After a frame with many changes the next waits: nobody reads sixty tables a second. */
const busyChanges = 20;
const busyPauseMs = 250;
/** How often the list is asked again because of events that do not say enough. */
const reloadPauseMs = 3_000;

export interface Drawing {
  readonly rows: readonly Row[];
  /** Keys of the rows that differ from the drawing before; null: too many to point at. */
  readonly changed: ReadonlySet<string> | null;
}

export interface LiveTable {
  readonly drawing: ReadonlySignal<Drawing | null>;
  /** Messages that changed since the table is held. */
  readonly waiting: ReadonlySignal<number>;
  readonly problem: ReadonlySignal<Problem | null>;
  readonly hold: (held: boolean) => void;
  readonly reload: () => void;
  readonly close: () => void;
}

export function openTable(filter: LiveFilter, live: boolean): LiveTable {
  const known = new Map<string, Row>();
  const changed = new Set<string>();
  const drawing = signal<Drawing | null>(null);
  const waiting = signal(0);
  const problem = signal<Problem | null>(null);
  const closing = new AbortController();
  let held = false;
  let loaded = false;
  let frame = 0;
  let notBeforeMs = 0;
  let reloadTimer = 0;
  let follower: Follower | null = null;

  const schedule = () => {
    if (frame === 0 && loaded) frame = requestAnimationFrame(draw);
  };
  const draw = () => {
    frame = 0;
    if (held) {
      waiting.value = changed.size;
      return;
    }
    if (performance.now() < notBeforeMs) {
      schedule();
      return;
    }
    const isBusy = changed.size > busyChanges;
    if (isBusy) notBeforeMs = performance.now() + busyPauseMs;
    batch(() => {
      drawing.value = {
        rows: newest(known, rowsMax),
        changed: isBusy || drawing.value === null ? null : new Set(changed),
      };
      waiting.value = 0;
    });
    changed.clear();
  };
  const note = (key: string) => {
    if (changed.size < changedMax) changed.add(key);
  };
  const take = (events: readonly Event[]) => {
    for (const event of events) {
      const key = rowKey(event);
      const before = known.get(key);
      const after = moveOn(before, event);
      if (before === undefined && isUncertain(after, filter)) reloadSoon();
      else if (fits(after, filter)) known.set(key, after);
      else if (!known.delete(key)) continue;
      note(key);
    }
    if (known.size > 2 * knownMax) forgetOldest(known, knownMax);
    schedule();
  };
  const load = async () => {
    const queries = queriesOf(filter, Date.now());
    const answers = await Promise.all(
      queries.map((query) => listMessages({ ...query, limit: String(rowsMax) }, closing.signal)),
    );
    let cursor: string | null = null;
    for (const answer of answers) {
      problem.value = answer.ok ? null : answer.problem;
      if (!answer.ok) return;
      cursor ??= answer.value.cursor;
      for (const summary of answer.value.data) {
        const row = rowOf(summary);
        known.set(row.key, newer(known.get(row.key), row));
        if (loaded) note(row.key);
      }
    }
    loaded = true;
    schedule();
    if (live && follower === null && cursor !== null) {
      follower = follow({ filter: feedFilterOf(filter), after: cursor, onEvents: take, onGap: reload });
    }
  };
  // Only closing the table aborts a reading.
  const reload = () => {
    load().catch(() => {});
  };
  const reloadSoon = () => {
    if (reloadTimer !== 0) return;
    reloadTimer = window.setTimeout(() => {
      reloadTimer = 0;
      reload();
    }, reloadPauseMs);
  };
  reload();
  return {
    drawing,
    waiting,
    problem,
    reload,
    hold: (next) => {
      held = next;
      schedule();
    },
    close: () => {
      closing.abort();
      follower?.close();
      cancelAnimationFrame(frame);
      clearTimeout(reloadTimer);
    },
  };
}

function newest(known: ReadonlyMap<string, Row>, count: number): Row[] {
  return [...known.values()].toSorted(byActivity).slice(0, count);
}

function forgetOldest(known: Map<string, Row>, kept: number): void {
  for (const row of [...known.values()].toSorted(byActivity).slice(kept)) known.delete(row.key);
}

function byActivity(one: Row, other: Row): number {
  if (one.lastReceivedAt !== other.lastReceivedAt) return one.lastReceivedAt < other.lastReceivedAt ? 1 : -1;
  return one.key < other.key ? 1 : -1;
}
