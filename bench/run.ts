/**
 * `npm run bench`: the figures of the design beside their bars, measured on this machine in one run.
 * `npm run bench -- feed growth` measures only the parts that it names.
 */
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import { measureBatch } from "./batch.ts";
import { dollarsPerMillion, measureBilling, objectRows } from "./billing.ts";
import { measureBroadcast } from "./broadcast.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureMessages, measureSubscribers } from "./growth.ts";
import { makeSources, measureIngest } from "./ingest.ts";
import { measureIsolation } from "./isolation.ts";
import { measureLive } from "./live.ts";
import { measureResume } from "./resume.ts";
import { buildBundle, startTickline, type Tickline, type Units } from "./service.ts";
import { measureStalled } from "./stalled.ts";
import { makeTable, showLevels, showMs, showRatio, showSpread } from "./table.ts";

const seconds = Number(process.env["BENCH_SECONDS"] || 10);
const messageLevels = [1_000, 10_000, 100_000].filter(
  (level) => level <= Number(process.env["BENCH_MESSAGES"] || 100_000),
);
const subscriberLevels = [1, 10, 100];
const updatesPerMonth = 100_000_000;

const { row, print } = makeTable();
const script = buildBundle();

const parts = {
  ingest: () => inService(ingest),
  live: () => inService(live),
  batch: () => inService(batch),
  feed: () => inService(feed),
  deliveries: () => inService(deliveries),
  billing,
  growth: () => inService(growth),
};

const named = process.argv.slice(2);
row("Worker bundle", `${(gzipSync(script, { level: 9 }).byteLength / 1024).toFixed(1)} KiB gz`, "≤ 100");
for (const [name, measure] of Object.entries(parts)) {
  if (named.length === 0 || named.includes(name)) await measure();
}
console.log(`\n${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString()}`);
print();

function rowsOf(units: Units): number {
  return units["databaseRowsWritten"] ?? 0;
}

function each(amount: number, total: number): string {
  return (amount / total).toFixed(2);
}

/** Each part begins with nothing stored, so that none is burdened by those before it. */
async function inService(measure: (tickline: Tickline) => Promise<void>): Promise<void> {
  const tickline = await startTickline(script);
  try {
    await makeSources(tickline);
    await measure(tickline);
  } finally {
    await tickline.stop();
  }
}

async function ingest(tickline: Tickline): Promise<void> {
  const figures = await measureIngest(tickline, seconds);
  const { acknowledgement, rowAcknowledgement, perSecond, rowPerSecond } = figures;
  row("acknowledgement at 50/s", showSpread(acknowledgement), "p50 ≤ 25 ms, p99 ≤ 250 ms");
  row(
    "acknowledgement over bare",
    `p50 ${showRatio(acknowledgement.p50Ms, rowAcknowledgement.p50Ms)}, p99 ${showRatio(acknowledgement.p99Ms, rowAcknowledgement.p99Ms)} (${showSpread(rowAcknowledgement)})`,
    "≤ 2",
  );
  row("a bare echo at 50/s", showSpread(figures.echoAcknowledgement));
  row(
    "ingest throughput over bare",
    `${showRatio(perSecond, rowPerSecond)} (${perSecond.toFixed(0)} / ${rowPerSecond.toFixed(0)} a second)`,
    "≥ 0.5",
  );
}

async function live(tickline: Tickline): Promise<void> {
  const { messageFrame, feedFrame, webhookReceived } = await measureLive(tickline, seconds);
  row("POST → the message's socket", showSpread(messageFrame), "p50 ≤ 30 ms");
  row("POST → feed", showSpread(feedFrame), "p50 ≤ 150 ms");
  row("POST → webhook", showSpread(webhookReceived), "p50 ≤ 200 ms");
}

async function batch(tickline: Tickline): Promise<void> {
  const { answeredMs, rowAnsweredMs, guardedAnsweredMs } = await measureBatch(tickline);
  row(
    "a webhook of 1,000 messages",
    `${showMs(answeredMs)}; bare ${showMs(rowAnsweredMs)}: ${showRatio(answeredMs, rowAnsweredMs)}`,
    "≤ 1 s, or ≤ 2.5 × bare",
  );
  row(
    "the same over a bare program with alarms",
    `${showRatio(answeredMs, guardedAnsweredMs)} (${showMs(guardedAnsweredMs)})`,
  );
}

async function feed(tickline: Tickline): Promise<void> {
  const levels = [
    { sockets: 300, events: 10, bar: "≥ 0.8" },
    { sockets: 300, events: 1 },
    { sockets: 10, events: 10 },
    { sockets: 1_000, events: 10 },
    { sockets: 3_000, events: 10 },
  ];
  for (const { sockets, events, bar } of levels) {
    const figures = await measureBroadcast(tickline, sockets, events);
    row(
      `feed: ${sockets} sockets, ${events} events a frame, over a bare broadcast`,
      `${figures.ratio.toFixed(2)} (${figures.feedPerSecond.toFixed(1)} / ${figures.barePerSecond.toFixed(1)} frames a second to all)`,
      bar,
    );
  }
  const { elapsedMs, events } = await measureResume(tickline);
  row("resumed after a cut", `${events.toLocaleString("en-US")} events in ${showMs(elapsedMs)}`);
  const { medianRatio, aloneMs, besideStalledMs } = await measureStalled(tickline);
  row(
    "300 followers beside clients that do not read, over alone",
    `${medianRatio.toFixed(2)} (${showMs(besideStalledMs)} / ${showMs(aloneMs)} for 400 events)`,
    "noise",
  );
}

async function deliveries(tickline: Tickline): Promise<void> {
  const { toOne, toOneEightfold, toFifty } = await measureDeliveries(tickline);
  row(
    "deliveries a second, by replay",
    `one endpoint ${toOne.toFixed(0)}, at parallelism 8 ${toOneEightfold.toFixed(0)}, fifty endpoints ${toFifty.toFixed(0)}`,
  );
  const { alone, besideHealthy, besideHanging } = await measureIsolation(tickline, seconds);
  row(
    "a healthy endpoint beside 5 hanging over alone",
    `p99 ${showRatio(besideHanging.p99Ms, alone.p99Ms)} (${showSpread(besideHanging)}; alone ${showSpread(alone)})`,
    "≤ 1.2",
  );
  row(
    "the same beside 5 healthy ones",
    `p99 ${showRatio(besideHealthy.p99Ms, alone.p99Ms)} (${showSpread(besideHealthy)})`,
  );
}

async function billing(): Promise<void> {
  const { updates, events, messages, withoutSubscription, withOne, retention } = await measureBilling(script);
  const batches = withoutSubscription["queueBatches"] ?? 0;
  row(
    "rows an event: message's object, alarms included",
    each(objectRows(withoutSubscription, "message"), events),
    "≤ 2",
  );
  row(
    "rows an event: D1, those once a message included",
    `${each(rowsOf(withoutSubscription), events)} with ${(events / messages).toFixed(0)} events a message`,
    `≤ ${(3 + (3 * messages) / events).toFixed(2)}`,
  );
  row(
    "rows an event: feed",
    `${each(objectRows(withoutSubscription, "feed"), events)} at ${(events / batches).toFixed(1)} events a batch`,
    "≤ 2; ≤ 0.1 at 500/s",
  );
  row("rows a delivery", each(objectRows(withOne, "subscription"), events), "≤ 2");
  const price = (units: Units, subscriptions: number) =>
    `$${dollarsPerMillion(units, updates, updatesPerMonth, subscriptions).toFixed(2)}`;
  row("a million updates, at 100 M a month", price(withoutSubscription, 0), "≤ $6");
  row("the same with one subscription", price(withOne, 1), "≤ $8.50");
  row("rows that retention deletes, a million updates", `$${each(rowsOf(retention), updates * 2)}`);
}

async function growth(tickline: Tickline): Promise<void> {
  const kept = await measureMessages(tickline, messageLevels, seconds);
  const at = `with ${showLevels(kept, ({ messages }) => messages.toLocaleString("en-US"))} messages kept:`;
  row(
    `${at} acknowledgement p50`,
    showLevels(kept, ({ acknowledgement }) => showMs(acknowledgement.p50Ms)),
  );
  row(
    `${at} POST → feed p50`,
    showLevels(kept, (level) => showMs(level.live.feedFrame.p50Ms)),
  );
  row(
    `${at} POST → webhook p50`,
    showLevels(kept, (level) => showMs(level.live.webhookReceived.p50Ms)),
  );
  row(
    `${at} newest page of 100, p50`,
    showLevels(kept, ({ list }) => showMs(list.p50Ms)),
  );
  row(
    `${at} rows read for it`,
    showLevels(kept, ({ rowsReadPerList }) => rowsReadPerList.toFixed(0)),
  );
  row(
    `${at} overview p50`,
    showLevels(kept, ({ overview }) => showMs(overview.p50Ms)),
  );
  row(
    `${at} D1 rows an event`,
    showLevels(kept, (level) => level.databaseRowsPerEvent.toFixed(2)),
  );
  row(
    `${at} size of D1`,
    showLevels(kept, ({ databaseBytes }) => `${(databaseBytes / 1e6).toFixed(1)} MB`),
  );
  const grown = await measureSubscribers(tickline, subscriberLevels, seconds);
  const to = `with ${showLevels(grown, ({ subscribers }) => String(subscribers))} subscribers:`;
  row(
    `${to} POST → webhook`,
    showLevels(grown, ({ received }) => showSpread(received)),
  );
  row(
    `${to} rows a delivery`,
    showLevels(grown, ({ rowsPerDelivery }) => rowsPerDelivery.toFixed(2)),
  );
  row(
    `${to} D1 rows an event`,
    showLevels(grown, (level) => level.databaseRowsPerEvent.toFixed(2)),
  );
  row(
    `${to} queue messages an event`,
    showLevels(grown, (level) => level.queueMessagesPerEvent.toFixed(2)),
  );
}
