/**
 * What a month costs, by list prices: the table of docs/deploy.md. `npm run costs` prints it.
 *
 * A model, not a measurement: what it assumes stands below, each with its unit. The bench counts the real ones.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";

const pricesSchema = z.object({
  read: z.iso.date(),
  planPerMonth: z.number(),
  units: z.record(z.string(), z.object({ perMillion: z.number(), included: z.number(), source: z.url() })),
});

const assumed = {
  /** Of the updates; they change a counter in memory. */
  repeats: 0.3,
  updatesPerMessage: 4,
  eventsPerBatch: 10,
  /** The row, and `setAlarm`. */
  objectRowsPerEvent: 2,
  /** The event, the message and its index of activity. */
  databaseRowsPerEvent: 3,
  /** Recipient, group and alias. */
  databaseRowsPerMessage: 3,
  feedRowsPerBatch: 1,
  /** When they go: the event; the message and its alias, for the runtime counts no entry of an index that goes; the feed's row. */
  databaseRowsDeletedPerEvent: 1,
  databaseRowsDeletedPerMessage: 2,
  feedRowsDeletedPerBatch: 1,
  /** Write, read, delete. */
  queueOperationsPerEvent: 3,
  cpuMsPerRequest: 4,
  cpuMsPerEventInConsumer: 0.5,
  /** Awake per call: 128 MB each. */
  objectMsPerCall: 10,
  /** The delivery, and its outcome. */
  objectRowsPerDelivery: 2,
  /** Counted by storage.ts: the mean of three providers. */
  databaseBytesPerMessage: 1_600,
  objectBytesPerMessage: 16_000,
  retentionMonths: 3,
} as const;

type Amounts = Readonly<Record<string, number>>;

const secondsPerMonth = 30 * 24 * 60 * 60;
const objectGb = 0.128;

/** Units of a month, by the names of prices.json. */
export function amountsOf(
  updates: number,
  subscriptions: number,
): { running: Amounts; retention: Amounts; apart: Amounts } {
  const events = updates * (1 - assumed.repeats);
  const messages = updates / assumed.updatesPerMessage;
  const batches = events / assumed.eventsPerBatch;
  const deliveries = events * subscriptions;
  const workerRequests = updates + batches;
  const objectRequests = updates + events + batches * (1 + subscriptions);
  // The feed and each subscription are awake while anything comes at all: at most the whole month.
  const always = Math.min(secondsPerMonth, batches) * (1 + subscriptions);
  const awakeSeconds = ((updates + events) * assumed.objectMsPerCall) / 1_000 + always;
  return {
    running: {
      workerRequests,
      workerCpuMs: updates * assumed.cpuMsPerRequest + events * assumed.cpuMsPerEventInConsumer,
      objectRequests,
      objectGbSeconds: awakeSeconds * objectGb,
      objectRowsWritten:
        events * assumed.objectRowsPerEvent +
        batches * assumed.feedRowsPerBatch +
        deliveries * assumed.objectRowsPerDelivery,
      databaseRowsWritten: events * assumed.databaseRowsPerEvent + messages * assumed.databaseRowsPerMessage,
      queueOperations: events * assumed.queueOperationsPerEvent,
    },
    retention: {
      // Each message's object is asked once.
      objectRequests: messages,
      objectGbSeconds: ((messages * assumed.objectMsPerCall) / 1_000) * objectGb,
      objectRowsWritten: batches * assumed.feedRowsDeletedPerBatch,
      databaseRowsWritten:
        events * assumed.databaseRowsDeletedPerEvent + messages * assumed.databaseRowsDeletedPerMessage,
    },
    apart: {
      logLines: updates + batches + deliveries,
      objectGbMonths: (messages * assumed.retentionMonths * assumed.objectBytesPerMessage) / 1e9,
      databaseGbMonths: (messages * assumed.retentionMonths * assumed.databaseBytesPerMessage) / 1e9,
    },
  };
}

const prices = pricesSchema.parse(
  JSON.parse(readFileSync(resolve(import.meta.dirname, "prices.json"), "utf8")),
);

export const { planPerMonth } = prices;

/** What is over the included amount, in dollars. */
export function billOf(amounts: Amounts): number {
  return Object.entries(amounts).reduce((sum, [name, amount]) => {
    const price = prices.units[name];
    if (price === undefined) throw new Error(`prices.json has no ${name}`);
    return sum + (Math.max(0, amount - price.included) * price.perMillion) / 1e6;
  }, 0);
}

export function costTable(): string {
  const scales = [1e6, 1e8, 1e9];
  const row = (name: string, of: (updates: number) => number): string =>
    `| ${name} | ${scales.map((updates) => dollars(of(updates))).join(" | ")} |`;
  return [
    "| updates a month | 1 M | 100 M | 1 B |",
    "|---|---|---|---|",
    row("plan, and all that is billed by use", (updates) => runningCost(updates, 0)),
    row("the same with one subscription for everything", (updates) => runningCost(updates, 1)),
    row("what retention lets go", (updates) => retentionCost(updates)),
    row("storage of the objects, 90 days", (updates) => apartCost(updates, "objectGbMonths")),
    row("storage of D1, 90 days", (updates) => apartCost(updates, "databaseGbMonths")),
    row("log lines, `LOG_SAMPLE` 1", (updates) => apartCost(updates, "logLines")),
  ].join("\n");
}

function runningCost(updates: number, subscriptions: number): number {
  return planPerMonth + billOf(amountsOf(updates, subscriptions).running);
}

/** On top of what runs, which has used up what is included. */
function retentionCost(updates: number): number {
  const { running, retention } = amountsOf(updates, 0);
  const both: Record<string, number> = { ...running };
  for (const [name, amount] of Object.entries(retention)) both[name] = (both[name] ?? 0) + amount;
  return billOf(both) - billOf(running);
}

function apartCost(updates: number, name: string): number {
  return billOf({ [name]: amountsOf(updates, 0).apart[name] ?? 0 });
}

function dollars(amount: number): string {
  return `$${Math.round(amount).toLocaleString("en-US")}`;
}

if (import.meta.main) console.log(costTable());
