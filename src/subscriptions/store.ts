/** The way into the objects that deliver: events to share, changes to act on. */
import { report } from "../log/report.ts";
import { tryAgain } from "../model/again.ts";
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import type { OperationalEvent } from "../model/operational.ts";
import { inParallel } from "../model/parallel.ts";
import type { DeliveryKey, NewDelivery } from "./deliveries/store.ts";
import { audienceOf, type Notice } from "./rendering.ts";
import { readActiveSubscriptions, readAllShards, type Sharded } from "./settings/store.ts";
import { shardOf, subscriptionObjectName } from "./shard.ts";
import type { Subscription } from "./subscription.ts";

type ObjectStub = ReturnType<Env["SUBSCRIPTION"]["getByName"]>;

/**
 * Hands every active subscription its share of a batch. When it resolves, each delivery stands durably in its
 * object; when it throws, call it again with the same events: what is known already is not made twice.
 */
export async function shareEvents(env: Env, events: readonly Event[]): Promise<void> {
  await share(env, events);
}

/** The same for what the service says of itself; only subscriptions that ask for its type get it. */
export async function shareOperationalEvents(env: Env, events: readonly OperationalEvent[]): Promise<void> {
  await share(env, events);
}

/** Forgets the deliveries of erased events, wherever there are any; throws if an object could not be reached. */
export async function eraseDeliveries(env: Env, keys: readonly DeliveryKey[]): Promise<void> {
  const subscriptions = await readAllShards(env);
  const outcomes = await inParallel(subscriptions, limits.parallelCallsMax, (subscription) =>
    callAllObjects(env, subscription, (object) => object.erase(keys)),
  );
  throwIfAnyFailed(outcomes);
}

async function share(env: Env, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  const subscriptions = await readActiveSubscriptions(env);
  const shares = subscriptions.flatMap((subscription) =>
    splitByShard(subscription, notices.filter(audienceOf(subscription))),
  );
  // One that refuses must not keep the others waiting for the next try.
  const outcomes = await inParallel(shares, limits.parallelCallsMax, ({ subscription, shard, deliveries }) =>
    callObject(env, subscription.id, shard, (object) => object.accept({ subscription, deliveries })),
  );
  throwIfAnyFailed(outcomes);
}

/** For callers that need all: what failed may be tried again as a whole. */
export function throwIfAnyFailed(outcomes: ReadonlyArray<PromiseSettledResult<unknown>>): void {
  const errors = outcomes.flatMap((outcome): unknown[] =>
    outcome.status === "rejected" ? [outcome.reason] : [],
  );
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} subscriptions did not answer`);
}

/** What an object is handed. */
export interface AcceptedShare {
  readonly subscription: Subscription;
  readonly deliveries: readonly NewDelivery[];
  /** The replay that makes them. */
  readonly replay?: string;
}

interface Share {
  readonly subscription: Subscription;
  readonly shard: number;
  readonly deliveries: readonly NewDelivery[];
}

export function splitByShard(subscription: Subscription, notices: readonly Notice[]): readonly Share[] {
  const shards = new Map<number, NewDelivery[]>();
  for (const notice of notices) {
    const delivery = deliveryOf(notice);
    const shard = shardOf(delivery.source ?? "", delivery.messageId ?? "", subscription.parallelism);
    const deliveries = shards.get(shard) ?? [];
    deliveries.push(delivery);
    shards.set(shard, deliveries);
  }
  return [...shards].map(([shard, deliveries]) => ({ subscription, shard, deliveries }));
}

/** Calls one of a subscription's objects; once more with a new stub where that is all it takes. */
export async function callObject<Answer>(
  env: Env,
  subscription: string,
  shard: number,
  call: (object: ObjectStub) => Promise<Answer>,
): Promise<Answer> {
  const name = subscriptionObjectName(subscription, shard);
  return tryAgain(() => call(env.SUBSCRIPTION.getByName(name)));
}

/** Calls every object that may hold deliveries of a subscription. */
export async function callAllObjects<Answer>(
  env: Env,
  subscription: Sharded,
  call: (object: ObjectStub) => Promise<Answer>,
): Promise<Answer[]> {
  const shards = Array.from({ length: subscription.shards }, (_, shard) => shard);
  return Promise.all(shards.map((shard) => callObject(env, subscription.id, shard, call)));
}

/**
 * Lets the objects act on a change at once. One that can't be reached acts on it within seconds all the same:
 * settings that are older are read again before each attempt.
 */
export async function pushSettings(env: Env, subscription: Subscription): Promise<void> {
  try {
    await callAllObjects(env, subscription, (object) => object.refresh(subscription));
  } catch (error) {
    report("subscription.unpushed", { subscription: subscription.id, error });
  }
}

function deliveryOf(notice: Notice): NewDelivery {
  const payload = JSON.stringify(notice);
  if ("messageId" in notice) {
    const { id, receivedAt, source, messageId } = notice;
    return { eventId: id, receivedAtMs: Date.parse(receivedAt), source, messageId, payload };
  }
  const { id, occurredAt, source } = notice;
  return { eventId: id, receivedAtMs: Date.parse(occurredAt), source, messageId: null, payload };
}
