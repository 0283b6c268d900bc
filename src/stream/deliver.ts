/**
 * New events to those who wait for them: what one socket is sent when the log grows.
 *
 * The invariant: a live subscription stands at the head of the log, or before events that all did not match.
 */
import { cutPages, type Entry, type EntryTest, type Page, type StreamLog } from "./log.ts";
import { limits } from "../model/limits.ts";
import { end, expired, hasExpired, pageText, type Session, stay, type Step, testOf } from "./session.ts";

/** Events were added to the log: sends each live subscription its part of them. `pages` is shared by all sockets. */
export function deliver(session: Session, log: StreamLog, pages: SharedPages, nowMs: number): Step {
  if (hasExpired(session.state, nowMs)) return end(session, expired);
  const frames: string[] = [];
  const subscriptions = session.state.subscriptions.map((subscription) => {
    const { key, test } = testOf(session, subscription.id);
    if (!subscription.live) return subscription;
    let { place } = subscription;
    for (const page of pages(key, test, place)) {
      // Nothing matched, and the cursor need not move yet: the next frame says it all.
      if (page.count === 0 && page.to - page.from < limits.streamQuietEventsMax) break;
      frames.push(pageText(subscription.id, page, log, false));
      place = page.to;
    }
    return place === subscription.place ? subscription : { ...subscription, place };
  });
  if (frames.length === 0) return stay(session, []);
  return stay({ ...session, state: { ...session.state, subscriptions } }, frames);
}

export type SharedPages = (key: string, test: EntryTest, from: number) => readonly Page[];

/** New entries cut into pages once for each filter and place, however many sockets share them. */
export function sharePages(entries: readonly Entry[]): SharedPages {
  const made = new Map<string, readonly Page[]>();
  return (key, test, from) => {
    const name = `${from} ${key}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    const pages = [...cutPages(from, entries, test)];
    made.set(name, pages);
    return pages;
  };
}
