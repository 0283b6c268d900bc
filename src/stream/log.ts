/**
 * What a stream reads from: events in one order, each at a place of its own, counted 1, 2, 3 …
 *
 * The feed's log and one message's events are such logs. Place 0 stands before the first event. A cursor is a place
 * as clients know it: to go on behind it.
 */
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import type { ResetReason } from "./serverFrame.ts";
import { utf8Bytes } from "./protocol.ts";

export interface Entry {
  readonly place: number;
  /** Null where the event was erased: its place stays, so that nobody's chain breaks. */
  readonly event: Event | null;
  /** The event as a frame carries it, with its cursor. Made when first asked for, then shared by all who get it. */
  text(): string;
}

export type Located =
  | { readonly kind: "found"; readonly place: number }
  | { readonly kind: "reset"; readonly reason: ResetReason }
  /** Not a cursor of ours at all. */
  | { readonly kind: "malformed" };

export interface StreamLog {
  /** Of the newest event; 0 while there is none. */
  readonly head: number;
  /** The lowest place behind which everything is still kept. */
  readonly earliest: number;
  cursorOf(place: number): string;
  /** `after` as clients write it: a cursor, "now" or "earliest". */
  locate(after: string): Located;
  /** Everything behind the place, in order; read only as far as the caller goes. */
  entriesAfter(place: number): Iterable<Entry>;
}

export type EntryTest = (event: Event) => boolean;

/** A run of the log under a filter: what of `from` (exclusive) to `to` (inclusive) matches, as texts. */
export interface Page {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** The matching events' texts, joined by commas. */
  readonly events: string;
}

/** Leaves room for the frame around the events: type, id and two cursors. */
const eventsBytesMax = limits.streamPageBytesMax - 1024;

/**
 * Cuts entries into pages, none over 256 events, 256 KiB or 1,000 places. The last page is what remains; it may be
 * empty of events, and is left out only if the entries ended exactly with the page before.
 */
export function* cutPages(from: number, entries: Iterable<Entry>, test: EntryTest): Generator<Page> {
  let start = from;
  let place = from;
  let texts: string[] = [];
  let bytes = 0;
  function turn(to: number): Page {
    const page = { from: start, to, count: texts.length, events: texts.join(",") };
    start = to;
    texts = [];
    bytes = 0;
    return page;
  }
  for (const entry of entries) {
    if (entry.event !== null && test(entry.event)) {
      const text = entry.text();
      const textBytes = utf8Bytes(text) + 1;
      const full = texts.length >= limits.streamPageEventsMax || bytes + textBytes > eventsBytesMax;
      if (full && texts.length > 0) yield turn(place);
      texts.push(text);
      bytes += textBytes;
    }
    place = entry.place;
    if (place - start >= limits.streamQuietEventsMax) yield turn(place);
  }
  if (place > start) yield turn(place);
}

/** An entry whose text is made when it is first asked for. */
export function entryOf(place: number, event: Event | null, cursor: string): Entry {
  let text: string | null = null;
  return {
    place,
    event,
    text() {
      text ??= JSON.stringify({ ...event, cursor });
      return text;
    },
  };
}
