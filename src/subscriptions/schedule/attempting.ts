/** The attempts that are under way: which start now, never more and never faster than their endpoint may be called. */
import type { PendingDelivery } from "../deliveries/delivery.ts";
import type { Subscription } from "../subscription.ts";
import { attemptsAtOnce, type FailureRun } from "./health.ts";
import { type LastStart, outlivesObject, type Rate, readyAtMs, spacingOf, type Start } from "./pace.ts";

export interface Choice {
  readonly inFlight: ReadonlySet<string>;
  readonly count: number;
  /** Whether retries go before first attempts. */
  readonly dueFirst: boolean;
}

export interface AttemptingPorts {
  readonly readStartable: (nowMs: number, choice: Choice) => readonly PendingDelivery[];
  readonly readFailureRun: (url: string) => FailureRun;
  /** Null: there is none that the object has to remember. */
  readonly writeLastStart: (start: Start | null) => void;
  readonly attempt: (subscription: Subscription, delivery: PendingDelivery) => Promise<void>;
}

export interface Found {
  readonly wokenAtMs: number;
  readonly alarmAtMs: number | null;
  readonly lastStart: Start | null;
}

export interface Attempting {
  readonly inFlight: ReadonlySet<string>;
  /** What an object finds of the time before it started: its alarm, none while it rings, and a start written down. */
  readonly remember: (found: Found) => void;
  readonly readyAtMs: (rate: Rate | null, nowMs: number) => number;
  readonly hasStartable: (nowMs: number) => boolean;
  /** Starts what may start. Answers when to come again; null: when one of them has ended, or something new has come. */
  readonly start: (subscription: Subscription, nowMs: number) => number | null;
}

export function holdAttempting(
  { readStartable, readFailureRun, writeLastStart, attempt }: AttemptingPorts,
  inBackground: (work: () => Promise<void>) => void,
): Attempting {
  const inFlight = new Set<string>();
  let last: LastStart = { kind: "none" };
  let isWritten = false;
  let dueFirst = false;
  const note = (atMs: number, rate: Rate) => {
    const spacingMs = spacingOf(rate);
    last = { kind: "known", atMs, spacingMs };
    const outlives = outlivesObject(spacingMs);
    if (outlives || isWritten) writeLastStart(outlives ? { atMs, spacingMs, dueFirst } : null);
    isWritten = outlives;
  };
  /** A start that is still to come was made before the clock was set back: it is taken for a moment ago. */
  const lastAsOf = (nowMs: number): LastStart => {
    if (last.kind === "forgotten" && last.wokenAtMs > nowMs) last = { ...last, wokenAtMs: nowMs };
    if (last.kind === "known" && last.atMs > nowMs) {
      last = { ...last, atMs: nowMs };
      if (isWritten) writeLastStart({ atMs: nowMs, spacingMs: last.spacingMs, dueFirst });
    }
    return last;
  };
  const begin = (subscription: Subscription, delivery: PendingDelivery) => {
    inFlight.add(delivery.eventId);
    inBackground(async () => {
      try {
        await attempt(subscription, delivery);
      } finally {
        inFlight.delete(delivery.eventId);
      }
    });
  };
  return {
    inFlight,
    remember: ({ wokenAtMs, alarmAtMs, lastStart }) => {
      isWritten = lastStart !== null;
      dueFirst = lastStart?.dueFirst ?? dueFirst;
      last =
        lastStart === null ? { kind: "forgotten", wokenAtMs, alarmAtMs } : { kind: "known", ...lastStart };
    },
    readyAtMs: (rate, nowMs) => readyAtMs(lastAsOf(nowMs), rate),
    hasStartable: (nowMs) => readStartable(nowMs, { inFlight, count: 1, dueFirst }).length > 0,
    start: (subscription, nowMs) => {
      const count = attemptsAtOnce(readFailureRun(subscription.url)) - inFlight.size;
      for (const delivery of readStartable(nowMs, { inFlight, count, dueFirst })) {
        const atMs = readyAtMs(lastAsOf(nowMs), subscription);
        if (atMs > nowMs) {
          // So that it is not taken for a moment ago once more.
          if (last.kind === "forgotten") note(last.wokenAtMs, subscription);
          return atMs;
        }
        dueFirst = !dueFirst;
        note(nowMs, subscription);
        begin(subscription, delivery);
      }
      return null;
    },
  };
}
