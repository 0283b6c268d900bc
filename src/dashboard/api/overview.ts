/** The overview: counts of the last minutes up to seven days. */
import { type Answer, get, queryOf } from "./request.ts";
import { shaped } from "./shape.ts";

type Counts = Readonly<Record<string, number>>;

export interface Latency {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly count: number;
}

export interface Overview {
  readonly since: string;
  readonly until: string;
  readonly totals: {
    readonly events: number;
    readonly messages: number;
    readonly repeats: number;
    readonly late: number;
    readonly contradicted: number;
    readonly byStatus: Counts;
  };
  readonly funnel: {
    readonly total?: number;
    readonly sent: number;
    readonly delivered: number;
    readonly read: number;
    readonly failed: number;
  };
  readonly latencies: { readonly sentToDelivered: Latency; readonly deliveredToRead: Latency };
  readonly reasons: readonly {
    readonly kind: string;
    readonly code: string | null;
    readonly text: string | null;
    readonly count: number;
  }[];
  readonly bySource: readonly {
    readonly source: string;
    readonly events: number;
    readonly messages: number;
    readonly failed: number;
    readonly repeats: number;
    readonly late: number;
    readonly lastReceivedAt: string | null;
  }[];
  readonly minutes: readonly { readonly minute: string; readonly byStatus: Counts }[];
  readonly openSockets?: number;
}

export function readOverview(since: string, signal?: AbortSignal): Promise<Answer<Overview>> {
  const shape = shaped<Overview>(
    "since",
    "until",
    "totals",
    "bySource",
    "minutes",
    "funnel",
    "latencies",
    "reasons",
  );
  return get(`/v1/overview${queryOf({ since })}`, shape, signal);
}
