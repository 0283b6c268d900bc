/** How latency, rows read and size grow with the messages that are kept, and latency and rows with the subscribers. */
import { type LiveFigures, measureLive } from "./live.ts";
import { openLoop, type Spread, spreadOf } from "./load.ts";
import { send, webhook } from "./ingest.ts";
import { sendStatusChange } from "./batch.ts";
import { objectRows } from "./billing.ts";
import type { Tickline } from "./service.ts";
import { openTimedSubscribers } from "./subscribers.ts";

export interface MessagesFigures {
  readonly messages: number;
  readonly acknowledgement: Spread;
  readonly live: LiveFigures;
  /** Of the newest page of a hundred. */
  readonly list: Spread;
  readonly rowsReadPerList: number;
  readonly overview: Spread;
  readonly databaseRowsPerEvent: number;
  readonly databaseBytes: number;
}

const webhookMessages = 250;
const readsTotal = 40;

/**
 * Objects know nothing of each other; what grows is the tables. So messages beyond this stand there alone, as copies:
 * the local runtime needs a quarter of an hour for a hundred thousand objects, and a process that holds them.
 */
const objectsMax = 10_000;

/** Fills up to each number of messages in turn, and measures there. */
export async function measureMessages(
  tickline: Tickline,
  levels: readonly number[],
  seconds: number,
): Promise<MessagesFigures[]> {
  const figures: MessagesFigures[] = [];
  let messages = 0;
  for (const level of levels) {
    for (; messages < Math.min(level, objectsMax); messages += webhookMessages) {
      await fill(tickline, messages);
    }
    await tickline.settled();
    const copies = Math.round(level / messages) - 1;
    await tickline.copyRows(Array.from({ length: copies }, (_, index) => `-copy-${index}`));
    messages = level;
    figures.push(await measureAt(tickline, level, seconds));
  }
  return figures;
}

async function measureAt(tickline: Tickline, messages: number, seconds: number): Promise<MessagesFigures> {
  const before = await tickline.settled();
  const acknowledgement = spreadOf(
    await openLoop(50, seconds, (index) => send(tickline, webhook(index, `level-${messages}`))),
  );
  const after = await tickline.settled();
  const live = await measureLive(tickline, seconds);
  await tickline.rollUp();
  const { databaseRowsRead: readBefore = 0 } = await tickline.settled();
  const list = await reads(tickline, "/v1/messages?limit=100");
  const { databaseRowsRead: readAfter = 0, databaseBytes = 0 } = await tickline.units();
  return {
    messages,
    acknowledgement,
    live,
    list,
    rowsReadPerList: (readAfter - readBefore) / readsTotal,
    overview: await reads(tickline, "/v1/overview"),
    databaseRowsPerEvent:
      ((after["databaseRowsWritten"] ?? 0) - (before["databaseRowsWritten"] ?? 0)) / acknowledgement.count,
    databaseBytes,
  };
}

async function reads(tickline: Tickline, path: string): Promise<Spread> {
  const samplesMs: number[] = [];
  for (let index = 0; index < readsTotal; index += 1) {
    const startedMs = performance.now();
    await tickline.call("GET", path);
    samplesMs.push(performance.now() - startedMs);
  }
  return spreadOf(samplesMs);
}

/** New messages, a webhook full; its provider would send it again if it were not answered in time. */
async function fill(tickline: Tickline, from: number): Promise<void> {
  const ids = Array.from({ length: webhookMessages }, (_, index) => `kept-${from + index}`);
  await sendStatusChange(tickline, ids);
}

export interface SubscribersFigures {
  readonly subscribers: number;
  /** From the POST to each of the deliveries. */
  readonly received: Spread;
  readonly rowsPerDelivery: number;
  /** Everything but the deliveries: what a further subscriber must not raise. */
  readonly databaseRowsPerEvent: number;
  readonly queueMessagesPerEvent: number;
}

const eventsPerSecond = 2;

export async function measureSubscribers(
  tickline: Tickline,
  levels: readonly number[],
  seconds: number,
): Promise<SubscribersFigures[]> {
  const figures: SubscribersFigures[] = [];
  for (const level of levels) figures.push(await measureWith(tickline, level, seconds));
  return figures;
}

async function measureWith(
  tickline: Tickline,
  subscribers: number,
  seconds: number,
): Promise<SubscribersFigures> {
  const opened = await openTimedSubscribers(tickline, subscribers);
  const before = await tickline.settled();
  const samplesMs = await opened.delaysMs(`subscribers-${subscribers}`, eventsPerSecond, seconds);
  const after = await tickline.settled();
  await opened.stop();
  const events = samplesMs.length / subscribers;
  const perEvent = (name: string) => ((after[name] ?? 0) - (before[name] ?? 0)) / events;
  return {
    subscribers,
    received: spreadOf(samplesMs),
    rowsPerDelivery:
      (objectRows(after, "subscription") - objectRows(before, "subscription")) / samplesMs.length,
    databaseRowsPerEvent: perEvent("databaseRowsWritten"),
    queueMessagesPerEvent: perEvent("queueMessages"),
  };
}
