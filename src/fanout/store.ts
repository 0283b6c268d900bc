/**
 * Whom events are told besides the tables: the feed and the subscriptions. What is taken back goes the same ways.
 *
 * Neither knows of the other: both are asked at once, and it is done when both have done it. A repeat changes nothing.
 */
import type { Event } from "../model/event.ts";
import { feedObjectName } from "../model/record.ts";
import { eraseDeliveries, shareEvents } from "../subscriptions/store.ts";

export async function tellAll(env: Env, events: readonly Event[]): Promise<void> {
  if (events.length === 0) return;
  await both(feedOf(env).publish(events), shareEvents(env, events));
}

export async function takeBack(env: Env, events: readonly Pick<Event, "id" | "receivedAt">[]): Promise<void> {
  if (events.length === 0) return;
  const places = events.map(({ id, receivedAt }) => ({ id, receivedAt }));
  const keys = places.map(({ id, receivedAt }) => ({
    eventId: id,
    receivedAtMs: Date.parse(receivedAt),
  }));
  await both(feedOf(env).erase(places), eraseDeliveries(env, keys));
}

function feedOf(env: Env) {
  return env.FEED.getByName(feedObjectName);
}

/** The one that works is not kept waiting for the next try of the other. */
async function both(...calls: readonly [Promise<void>, Promise<void>]): Promise<void> {
  for (const outcome of await Promise.allSettled(calls)) {
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
