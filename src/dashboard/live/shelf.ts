/**
 * The messages that a live table knows, and which of them changed since it was drawn. Pure.
 *
 * Bounded: only the newest are kept, since only they can be shown.
 */
import type { Event } from "../../model/event.ts";
import { fits, isUncertain, type LiveFilter } from "./filter.ts";
import { moveOn, newer, type Row, rowKey } from "./row.ts";

/** Messages kept, so that rows that fall behind the table's edge can come back. */
const knownMax = 1_000;
const changedMax = 9_999;

export interface Shelf {
  readonly known: Map<string, Row>;
  /** Keys of what is new, different or gone since `settle`. */
  readonly changed: Set<string>;
}

export function emptyShelf(): Shelf {
  return { known: new Map(), changed: new Set() };
}

/** True if an event says too little to tell whether its message belongs here: then the API must be asked. */
export function takeEvents({ known, changed }: Shelf, events: readonly Event[], filter: LiveFilter): boolean {
  let mustAsk = false;
  for (const event of events) {
    const key = rowKey(event);
    const before = known.get(key);
    const after = moveOn(before, event);
    const isOpen = before === undefined && isUncertain(after, filter);
    mustAsk ||= isOpen;
    // What the list has shown already is told again by the feed from where the list began to be read.
    if (isOpen || after === before) continue;
    if (fits(after, filter)) known.set(key, after);
    else if (!known.delete(key)) continue;
    if (changed.size < changedMax) changed.add(key);
  }
  // Twice as many may gather, so that sorting them out is rare.
  if (known.size > 2 * knownMax) {
    for (const row of newestOf({ known }).slice(knownMax)) known.delete(row.key);
  }
  return mustAsk;
}

/** What a list says; of what is known already, whichever reading knows more stays. */
export function takeRows({ known, changed }: Shelf, rows: readonly Row[]): void {
  for (const row of rows) {
    const before = known.get(row.key);
    const after = newer(before, row);
    known.set(row.key, after);
    if (before?.version !== after.version) changed.add(row.key);
  }
}

export function newestOf({ known }: Pick<Shelf, "known">): Row[] {
  return [...known.values()].toSorted(byActivity);
}

function byActivity(one: Row, other: Row): number {
  if (one.lastReceivedAt !== other.lastReceivedAt) return one.lastReceivedAt < other.lastReceivedAt ? 1 : -1;
  return one.key < other.key ? 1 : -1;
}
