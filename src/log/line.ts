/**
 * The vocabulary of the log: every line that the service writes, with its fields. docs/operations.md has a row for each.
 *
 * No field holds a key, a token, a body, a message's id or a recipient: lines may be read by people who may not read
 * messages.
 */

/** `routine` lines come once a unit of work that went well, and are sampled by `LOG_SAMPLE`. */
type Level = "routine" | "info" | "warn" | "error";

export const levels = {
  ingest: "routine",
  "ingest.failed": "error",
  "rejected.replayFailed": "error",
  "rejected.expired": "info",
  "events.fannedOut": "routine",
  "events.fanOutFailed": "error",
  "events.unreadable": "error",
  "events.dead": "error",
  "message.sendFailed": "warn",
  "message.resendFailed": "error",
  "message.confirmFailed": "warn",
  "message.erased": "info",
  "delivery.attempted": "routine",
  "delivery.postponed": "error",
  "delivery.unrendered": "error",
  "subscription.disabled": "warn",
  "subscription.stuck": "error",
  "subscription.workPostponed": "error",
  "subscription.unpruned": "error",
  "subscription.unpushed": "warn",
  "subscription.unreadable": "error",
  "subscription.unwiped": "error",
  "stream.failed": "error",
  "socket.failed": "error",
  "request.failed": "error",
  "idempotency.unsettled": "warn",
  "source.countsUnwritten": "warn",
  "source.silent": "warn",
  "source.rejecting": "warn",
  "key.useUnwritten": "warn",
  "retention.ran": "info",
  "cron.late": "warn",
  "cron.failed": "error",
  "alarm.late": "warn",
} as const satisfies Record<string, Level>;

export type LineName = keyof typeof levels;

/** What went wrong, as `String(error)` says it. */
interface Failed {
  readonly error: unknown;
}
/** Null only where there is none. */
interface OfSource {
  readonly source: string | null;
}
interface OfSubscription {
  readonly subscription: string | null;
}
interface OfRequest {
  readonly requestId: string;
}

export interface Fields {
  ingest: {
    /** Null: there is no such source. */
    readonly source: string | null;
    readonly provider: string | null;
    readonly updates: number;
    readonly recorded: number;
    readonly repeated: number;
    readonly ignored: number;
    readonly rejected: number;
    readonly status: number;
    readonly durationMs: number;
  };
  "ingest.failed": Failed & OfSource;
  "rejected.replayFailed": Failed & OfSource;
  "rejected.expired": { readonly cutoff: string; readonly rejected: number };
  "events.fannedOut": { readonly events: number; readonly retried: number; readonly durationMs: number };
  "events.fanOutFailed": Failed & { readonly events: number };
  "events.unreadable": Failed & { readonly queueId: string };
  "events.dead": {
    readonly queueId: string;
    readonly attempts: number;
    /** Both null: it was not readable either. */
    readonly source: string | null;
    readonly eventId: string | null;
  };
  "message.sendFailed": Failed & { readonly events: number };
  "message.resendFailed": Failed;
  "message.confirmFailed": Failed & OfSource;
  "message.erased": OfSource & { readonly keyId: string };
  "delivery.attempted": OfSubscription & {
    readonly eventId: string;
    readonly attempt: number;
    readonly outcome: "delivered" | "failed" | "gone" | "blocked";
    readonly statusCode: number | null;
    readonly durationMs: number;
    readonly error: string | null;
  };
  "delivery.postponed": Failed & OfSubscription;
  "delivery.unrendered": Failed & OfSubscription;
  "subscription.disabled": OfSubscription & { readonly reason: string };
  "subscription.stuck": Failed & OfSubscription;
  "subscription.workPostponed": Failed & OfSubscription;
  "subscription.unpruned": Failed & OfSubscription;
  "subscription.unpushed": Failed & OfSubscription;
  "subscription.unreadable": Failed & OfSubscription;
  "subscription.unwiped": Failed & OfSubscription;
  "stream.failed": Failed & OfRequest;
  "socket.failed": Failed;
  "request.failed": Failed & OfRequest;
  "idempotency.unsettled": Failed & OfRequest;
  "source.countsUnwritten": Failed & OfSource;
  "source.silent": OfSource;
  "source.rejecting": OfSource;
  "key.useUnwritten": Failed & { readonly keyId: string };
  "retention.ran": {
    readonly cutoff: string;
    readonly messages: number;
    /** Messages that were asked, and may not go yet. */
    readonly kept: number;
    readonly events: number;
  };
  "cron.late": { readonly cron: string; readonly lateMs: number };
  "cron.failed": Failed & { readonly cron: string };
  "alarm.late": { readonly object: "message" | "subscription"; readonly lateMs: number };
}

/** Errors may quote what they choked on. */
const errorCharactersMax = 500;

/** One line of JSON; `sample` is the share of its kind that is written, where that is not all. */
export function lineText<Name extends LineName>(name: Name, fields: Fields[Name], sample = 1): string {
  const { error, ...rest } = loose(fields);
  return JSON.stringify({
    line: name,
    ...rest,
    ...(error === undefined ? {} : { error: errorText(error) }),
    ...(sample < 1 ? { sample } : {}),
  });
}

/** A routine line of something that did not go well is always written. */
export function isRoutine<Name extends LineName>(name: Name, fields: Fields[Name]): boolean {
  if (levels[name] !== "routine") return false;
  const { status, retried, outcome } = loose(fields);
  return (
    (typeof status !== "number" || status < 400) &&
    (retried === undefined || retried === 0) &&
    (outcome === undefined || outcome === "delivered")
  );
}

/**
 * The same for Analytics Engine: blobs are the line, whose it is, and how it went; doubles are 1, events and
 * milliseconds. What is added comes at the end, so that old queries hold.
 */
export function pointOf<Name extends LineName>(name: Name, fields: Fields[Name]) {
  const { source, subscription, outcome, status, recorded, events, durationMs, lateMs } = loose(fields);
  return {
    indexes: [name],
    blobs: [name, textOf(source ?? subscription), textOf(outcome ?? status)],
    doubles: [1, numberOf(recorded ?? events), numberOf(durationMs ?? lateMs)],
  };
}

function loose(fields: object): Readonly<Record<string, unknown>> {
  return { ...fields };
}

function errorText(error: unknown): string | null {
  if (error === null) return null;
  const text = error instanceof Error || typeof error === "string" ? String(error) : JSON.stringify(error);
  return text.slice(0, errorCharactersMax);
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
