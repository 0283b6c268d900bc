/**
 * The live table's contents: what the list said, moved on by the feed from where it stood before the list was read.
 *
 * Nothing is lost while it is held: what arrives is taken in at once, and only the drawing waits.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { listMessages } from "../api/messages.ts";
import type { Problem } from "../api/problem.ts";
import { follow, type Follower } from "../state/feed.ts";
import { type Easel, openEasel, rowsMax } from "./easel.ts";
import { feedFilterOf, type LiveFilter, queriesOf } from "./filter.ts";
import { rowOf } from "./row.ts";
import { emptyShelf, takeEvents, takeRows } from "./shelf.ts";

/** How often the list is asked again because of events that do not say enough. */
const reloadPauseMs = 3_000;

export interface LiveTable extends Pick<Easel, "drawing" | "waiting" | "hold"> {
  readonly problem: ReadonlySignal<Problem | null>;
  readonly reload: () => void;
  readonly close: () => void;
}

export function openTable(filter: LiveFilter, live: boolean): LiveTable {
  const shelf = emptyShelf();
  const { drawing, waiting, hold, schedule, close } = openEasel(shelf);
  const problem = signal<Problem | null>(null);
  const closing = new AbortController();
  let reloadTimer = 0;
  let follower: Follower | null = null;

  const load = async () => {
    const questions = queriesOf(filter, Date.now()).map((query) =>
      listMessages({ ...query, limit: String(rowsMax) }, closing.signal),
    );
    const pages = [];
    for (const answer of await Promise.all(questions)) {
      problem.value = answer.ok ? null : answer.problem;
      if (!answer.ok) return;
      pages.push(answer.value);
    }
    for (const { data } of pages) takeRows(shelf, data.map(rowOf));
    schedule();
    const after = pages[0]?.cursor;
    if (live && after !== undefined) {
      follower ??= follow({ filter: feedFilterOf(filter), after, onEvents, onGap: reload });
    }
  };
  // Only closing the table aborts a reading.
  const reload = () => {
    load().catch(() => {});
  };
  const onEvents = (events: Parameters<typeof takeEvents>[1]) => {
    const mustAsk = takeEvents(shelf, events, filter);
    if (mustAsk && reloadTimer === 0) {
      reloadTimer = window.setTimeout(() => {
        reloadTimer = 0;
        reload();
      }, reloadPauseMs);
    }
    schedule();
  };
  reload();
  return {
    drawing,
    waiting,
    hold,
    problem,
    reload,
    close: () => {
      closing.abort();
      clearTimeout(reloadTimer);
      follower?.close();
      close();
    },
  };
}
