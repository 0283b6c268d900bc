/**
 * New events to those who wait for them: what one socket is sent when the log grows.
 *
 * The invariant: a live subscription stands at the head of the log, or before events that all did not match.
 */
import * as limits from "../model/limits.ts";
import type { CompiledTest } from "./access.ts";
import { cutPages, type Entry, type StreamLog } from "./log.ts";
import { end, expired, hasExpired, pageText, type Session, stay, type Step, testOf } from "./session.ts";
import type { Subscription } from "./socket.ts";

/** Events were added to the log: sends each live subscription its part of them. */
export function deliver(session: Session, framesFor: SharedFrames, nowMs: number): Step {
  if (hasExpired(session.state, nowMs)) return end(session, expired);
  const frames: string[] = [];
  const subscriptions = session.state.subscriptions.map((subscription) => {
    if (!subscription.live) return subscription;
    const part = framesFor(subscription, testOf(session, subscription.id));
    frames.push(...part.frames);
    return part.frames.length === 0 ? subscription : { ...subscription, place: part.place };
  });
  if (frames.length === 0) return stay(session, []);
  return stay({ ...session, state: { ...session.state, subscriptions } }, frames);
}

interface Part {
  readonly frames: readonly string[];
  /** Where the subscription stands after them. */
  readonly place: number;
}

export type SharedFrames = (subscription: Subscription, compiled: CompiledTest) => Part;

/** Between two publications a new span began; told from the log's own times, which hibernation does not take. */
export function movesQuiet(beforeMs: number | null, nowMs: number): boolean {
  return beforeMs !== null && spanOf(beforeMs) < spanOf(nowMs);
}

function spanOf(ms: number): number {
  return Math.floor(ms / limits.streamQuietMs);
}

/** The frames of new entries, made once for each filter, place and id, however many sockets share them. */
export function shareFrames(entries: readonly Entry[], log: StreamLog, quietMove: boolean): SharedFrames {
  const made = new Map<string, Part>();
  return ({ id, place }, { key, test }) => {
    // The key is JSON, which tells its own end, so no two of these are alike.
    const name = `${place} ${key} ${id}`;
    const known = made.get(name);
    if (known !== undefined) return known;
    // Where nothing matched, the cursor mostly need not move yet: the next frame says it all.
    // Who came while the entries were on their way has them already.
    const fresh = entries.filter((entry) => entry.place > place);
    const pages = [...cutPages(place, fresh, test)].filter(
      (page) => quietMove || page.count > 0 || page.to - page.from >= limits.streamQuietEventsMax,
    );
    const frames = pages.map((page) => pageText(id, page, log, false));
    const part = { frames, place: pages.at(-1)?.to ?? place };
    made.set(name, part);
    return part;
  };
}
