/** The overview of a deployment, from counts per minute and what its active messages show now. */
import * as z from "zod/mini";
import { isRealFailure, reachedRecipient, rankOf, type Status } from "../../model/status.ts";
import type { ActiveRow, CountRow } from "./counts.ts";
import { type Latency, latencyOf } from "./latency.ts";

type Counts = Readonly<Record<string, number>>;

export interface Overview {
  readonly since: string;
  readonly until: string;
  /** Each point of `minutes` covers this many minutes. */
  readonly stepMinutes: number;
  readonly totals: {
    readonly events: number;
    readonly messages: number;
    readonly repeats: number;
    readonly late: number;
    readonly contradicted: number;
    /** Events by their own status. */
    readonly byStatus: Counts;
  };
  /** Messages by how far they have come; each counts in every stage that it has passed. */
  readonly funnel: {
    readonly total: number;
    readonly sent: number;
    readonly delivered: number;
    readonly read: number;
    readonly failed: number;
  };
  readonly latencies: { readonly sentToDelivered: Latency; readonly deliveredToRead: Latency };
  readonly reasons: readonly Reasoned[];
  readonly bySource: readonly SourceOverview[];
  readonly minutes: readonly { readonly minute: string; readonly byStatus: Counts }[];
}

interface Reasoned {
  readonly kind: string;
  readonly code: string | null;
  readonly text: string | null;
  readonly count: number;
}

interface SourceOverview {
  readonly source: string;
  readonly events: number;
  readonly messages: number;
  readonly failed: number;
  readonly repeats: number;
  readonly late: number;
  readonly byStatus: Counts;
  readonly lastReceivedAt: string | null;
}

const pointsMax = 360;
const byHourFromMs = 25 * 60 * 60 * 1000;

/** Over more than a day, hours are fine enough, and a week of minutes would be too much to read. */
export function isByHour(spanMs: number): boolean {
  return spanMs > byHourFromMs;
}

const reasonsMax = 20;
const reasonBucketSchema = z.object({
  kind: z.string(),
  code: z.nullable(z.string()),
  text: z.nullable(z.string()),
});

export function overviewOf(
  counts: readonly CountRow[],
  active: readonly ActiveRow[],
  since: string,
  until: string,
): Overview {
  const spanMs = Date.parse(until) - Date.parse(since);
  const stepMinutes = isByHour(spanMs) ? 60 : Math.max(1, Math.ceil(spanMs / 60_000 / pointsMax));
  const effects = tally(counts, "effect");
  return {
    since,
    until,
    stepMinutes,
    totals: {
      events: sum(counts, "status"),
      messages: active.reduce((total, row) => total + row.count, 0),
      repeats: sum(counts, "repeats"),
      late: effects.get("late") ?? 0,
      contradicted: effects.get("contradicted") ?? 0,
      byStatus: Object.fromEntries(tally(counts, "status")),
    },
    funnel: funnelOf(active),
    latencies: {
      sentToDelivered: latencyOf(tally(counts, "sentToDelivered")),
      deliveredToRead: latencyOf(tally(counts, "deliveredToRead")),
    },
    reasons: reasonsOf(counts),
    bySource: sourcesOf(counts, active),
    minutes: pointsOf(counts, stepMinutes),
  };
}

function funnelOf(active: readonly ActiveRow[]): Overview["funnel"] {
  const count = (matches: (status: Status) => boolean) =>
    active.reduce((total, row) => (matches(row.status) ? total + row.count : total), 0);
  return {
    total: count(() => true),
    sent: count((status) => status === "sent" || reachedRecipient(status)),
    delivered: count(reachedRecipient),
    read: count((status) => reachedRecipient(status) && rankOf(status) >= rankOf("read")),
    failed: count(isRealFailure),
  };
}

function sourcesOf(counts: readonly CountRow[], active: readonly ActiveRow[]): SourceOverview[] {
  const names = new Set([...counts.map(({ source }) => source), ...active.map(({ source }) => source)]);
  return [...names].toSorted().map((source) => {
    const ofSource = counts.filter((row) => row.source === source);
    const activeOfSource = active.filter((row) => row.source === source);
    return {
      source,
      events: sum(ofSource, "status"),
      messages: activeOfSource.reduce((total, row) => total + row.count, 0),
      failed: funnelOf(activeOfSource).failed,
      repeats: sum(ofSource, "repeats"),
      late: tally(ofSource, "effect").get("late") ?? 0,
      byStatus: Object.fromEntries(tally(ofSource, "status")),
      lastReceivedAt:
        activeOfSource
          .map((row) => row.lastReceivedAt)
          .toSorted()
          .at(-1) ?? null,
    };
  });
}

function reasonsOf(counts: readonly CountRow[]): Reasoned[] {
  return [...tally(counts, "reason")]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, reasonsMax)
    .map(([bucket, count]) => ({ ...reasonBucketSchema.parse(JSON.parse(bucket)), count }));
}

function pointsOf(counts: readonly CountRow[], stepMinutes: number): Overview["minutes"] {
  const stepMs = stepMinutes * 60_000;
  const points = Map.groupBy(
    counts.filter((row) => row.measure === "status"),
    (row) => Math.floor(Date.parse(`${row.minute}:00.000Z`) / stepMs) * stepMs,
  );
  return [...points]
    .toSorted(([one], [other]) => one - other)
    .map(([startMs, rows]) => ({
      minute: new Date(startMs).toISOString(),
      byStatus: Object.fromEntries(tally(rows, "status")),
    }));
}

function tally(counts: readonly CountRow[], measure: CountRow["measure"]): Map<string, number> {
  const tallied = new Map<string, number>();
  for (const row of counts) {
    if (row.measure === measure) tallied.set(row.bucket, (tallied.get(row.bucket) ?? 0) + row.count);
  }
  return tallied;
}

function sum(counts: readonly CountRow[], measure: CountRow["measure"]): number {
  return counts.reduce((total, row) => (row.measure === measure ? total + row.count : total), 0);
}
