/**
 * Takes batches of recorded events to everyone who wants to know: tables, feed, subscriptions; then confirms.
 *
 * Every step may run twice, or stop anywhere and run again: keys are derived, and an event is confirmed to its message
 * only when every step has it durably. What fails is retried item by item, so that one poison item holds up no other.
 */
import { withoutErased } from "../history/erasure/store.ts";
import { appendHistory } from "../history/store.ts";
import { report } from "../log/report.ts";
import type { Event } from "../model/event.ts";
import { type FanOutItem, fanOutItemSchema } from "../model/fanout.ts";
import * as limits from "../model/limits.ts";
import { inParallel, isFulfilledTrue } from "../model/parallel.ts";
import { messageObjectName } from "../model/record.ts";
import { takeBack, tellAll } from "./store.ts";

/** What the queue handed us, read. */
interface QueuedItem {
  readonly message: Message;
  readonly item: FanOutItem;
}

export async function fanOut(batch: MessageBatch, env: Env): Promise<void> {
  const startedMs = Date.now();
  const queued = batch.messages.flatMap((message) => readItem(message));
  const done = await fanOutTogether(env, queued);
  const confirmed = await confirmAll(env, done);
  for (const { message } of confirmed) message.ack();
  const unconfirmed = new Set(queued).difference(new Set(confirmed));
  for (const { message } of unconfirmed) message.retry();
  report("events.fannedOut", {
    events: confirmed.length,
    retried: batch.messages.length - confirmed.length,
    durationMs: Date.now() - startedMs,
  });
}

/**
 * What no try could fan out. Nothing is lost with it: its messages' alarms stand and send it again; this only tells
 * that something keeps failing.
 */
export function reportDead(batch: MessageBatch): void {
  for (const message of batch.messages) {
    const item = fanOutItemSchema.safeParse(message.body);
    const event = item.data?.event;
    report("events.dead", {
      queueId: message.id,
      attempts: message.attempts,
      source: event?.source ?? null,
      eventId: event?.id ?? null,
    });
  }
  batch.ackAll();
}

/** What is not one of our items goes the way of the dead-letter queue, where somebody can look at it. */
function readItem(message: Message): QueuedItem[] {
  const parsed = fanOutItemSchema.safeParse(message.body);
  if (parsed.success) return [{ message, item: parsed.data }];
  report("events.unreadable", { queueId: message.id, error: parsed.error.message });
  message.retry();
  return [];
}

/** Those that every step has; if the batch fails as a whole, each one gets a try of its own. */
async function fanOutTogether(env: Env, queued: readonly QueuedItem[]): Promise<readonly QueuedItem[]> {
  if (queued.length === 0) return [];
  try {
    await fanOutItems(
      env,
      queued.map(({ item }) => item),
    );
    return queued;
  } catch (error) {
    report("events.fanOutFailed", { events: queued.length, error });
    if (queued.length === 1) return [];
  }
  const done: QueuedItem[] = [];
  for (const single of queued) done.push(...(await fanOutTogether(env, [single])));
  return done;
}

async function fanOutItems(env: Env, items: readonly FanOutItem[]): Promise<void> {
  // Subscriptions are read after this: a replay for one that begins now finds what it will not be told of.
  await tellAll(env, eventsOf(await appendHistory(env.DB, items)));
  // An erasure that came meanwhile may have been at the feed and at the subscriptions before us.
  const unerased = new Set(await withoutErased(env.DB, items));
  await takeBack(env, eventsOf(items.filter((item) => !unerased.has(item))));
}

function eventsOf(items: readonly FanOutItem[]): Event[] {
  return items.map(({ event }) => event);
}

/** One call a message; a message that can't be told keeps its alarm and its items come again. */
async function confirmAll(env: Env, done: readonly QueuedItem[]): Promise<QueuedItem[]> {
  const byMessage = [
    ...Map.groupBy(done, ({ item: { summary } }) =>
      JSON.stringify([summary.source, summary.messageId, summary.firstReceivedAt]),
    ).values(),
  ];
  const told = await inParallel(byMessage, limits.parallelCallsMax, (ofMessage) =>
    confirmMessage(env, ofMessage),
  );
  return byMessage.filter((_, index) => isFulfilledTrue(told[index])).flat();
}

async function confirmMessage(env: Env, ofMessage: readonly QueuedItem[]): Promise<boolean> {
  const summary = ofMessage[0]?.item.summary;
  if (summary === undefined) return true;
  try {
    await env.MESSAGE.getByName(messageObjectName(summary.source, summary.messageId)).confirm(
      summary.firstReceivedAt,
      ofMessage.map(({ item }) => item.event.version),
    );
    return true;
  } catch (error) {
    report("message.confirmFailed", { source: summary.source, error });
    return false;
  }
}
