/** `npm run bench`: the figures of the design beside their bars, measured on this machine in one run. */
import { cpus } from "node:os";
import { gzipSync } from "node:zlib";
import { measureBatch } from "./batch.ts";
import { measureBroadcast } from "./broadcast.ts";
import { makeSource, measureIngest } from "./ingest.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureIsolation } from "./isolation.ts";
import { measureLive } from "./live.ts";
import type { Spread } from "./load.ts";
import { buildBundle, startTickline } from "./service.ts";

const seconds = Number(process.env["BENCH_SECONDS"] || 10);
const rows: { figure: string; measured: string; bar: string }[] = [];

function row(figure: string, measured: string, bar: string): void {
  rows.push({ figure, measured, bar });
  console.log(`${figure}: ${measured} (bar ${bar})`);
}

function show({ p50Ms, p99Ms }: Spread): string {
  return `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(0)} ms`;
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}

const script = buildBundle();
row("Worker bundle", `${(gzipSync(script, { level: 9 }).byteLength / 1024).toFixed(1)} KiB gz`, "≤ 100");
const tickline = await startTickline(script);
try {
  await makeSource(tickline);
  const ingest = await measureIngest(tickline, seconds);
  const { acknowledgement, bareAcknowledgement } = ingest;
  row("acknowledgement at 50/s", show(acknowledgement), "p50 ≤ 25, p99 ≤ 250");
  row("the bare program's", show(bareAcknowledgement), "–");
  row(
    "acknowledgement over bare",
    `p50 ${ratio(acknowledgement.p50Ms, bareAcknowledgement.p50Ms)}, p99 ${ratio(acknowledgement.p99Ms, bareAcknowledgement.p99Ms)}`,
    "≤ 2",
  );
  row(
    "ingest throughput over bare",
    `${ratio(ingest.perSecond, ingest.barePerSecond)} (${ingest.perSecond.toFixed(0)} / ${ingest.barePerSecond.toFixed(0)} a second)`,
    "≥ 0.5",
  );
  const live = await measureLive(tickline, seconds);
  row("POST → the message's socket", show(live.messageFrame), "p50 ≤ 30");
  row("POST → feed", show(live.feedFrame), "p50 ≤ 150");
  row("POST → webhook", show(live.webhookReceived), "p50 ≤ 200");
  const batch = await measureBatch(tickline);
  row(
    "a webhook of 1,000 messages",
    `${batch.answeredMs.toFixed(0)} ms, bare ${batch.bareAnsweredMs.toFixed(0)} ms, ratio ${ratio(batch.answeredMs, batch.bareAnsweredMs)}`,
    "≤ 1 s, or ≤ 2.5 × bare",
  );
  const broadcast = await measureBroadcast(tickline);
  row(
    "feed with 300 sockets over a bare broadcast",
    `${ratio(broadcast.feedPerSecond, broadcast.barePerSecond)} (${broadcast.feedPerSecond.toFixed(1)} / ${broadcast.barePerSecond.toFixed(1)} frames a second)`,
    "≥ 0.8",
  );
  const deliveries = await measureDeliveries(tickline);
  row(
    "deliveries a second, by replay",
    `one endpoint ${deliveries.toOne.toFixed(0)}, at parallelism 8 ${deliveries.toOneEightfold.toFixed(0)}, to fifty ${deliveries.toFifty.toFixed(0)}`,
    "–",
  );
  const isolation = await measureIsolation(tickline, seconds);
  row(
    "a healthy endpoint beside 5 hanging over alone",
    `p99 ${ratio(isolation.besideHanging.p99Ms, isolation.alone.p99Ms)} (${show(isolation.besideHanging)})`,
    "≤ 1.2",
  );
} finally {
  await tickline.stop();
}
console.log(`\n${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`);
console.table(rows);
