/** The attempts that are under way: which start now, never more and never faster than their endpoint may be called. */
import type { PendingDelivery } from "../deliveries/delivery.ts";
import type { Subscription } from "../subscription.ts";
import { attemptsAtOnce, type FailureRun } from "./health.ts";
import { holdPacing, type Pacing, type PacingPorts } from "./pacing.ts";

export interface Choice {
  readonly inFlight: ReadonlySet<string>;
  readonly count: number;
  /** Whether retries go before first attempts. */
  readonly dueFirst: boolean;
}

export interface AttemptingPorts extends PacingPorts {
  readonly readStartable: (nowMs: number, choice: Choice) => readonly PendingDelivery[];
  readonly readFailureRun: (url: string) => FailureRun;
  /** The attempt to make; null: the delivery has ended without one. */
  readonly prepare: (
    subscription: Subscription,
    delivery: PendingDelivery,
    nowMs: number,
  ) => (() => Promise<void>) | null;
}

export interface Attempting extends Pick<Pacing, "remember" | "readyAtMs" | "cede"> {
  readonly inFlight: ReadonlySet<string>;
  readonly hasStartable: (nowMs: number) => boolean;
  /** Starts what may start. Answers when to come again; null: when one of them has ended, or something new has come. */
  readonly start: (subscription: Subscription, nowMs: number) => number | null;
}

export function holdAttempting(
  ports: AttemptingPorts,
  inBackground: (work: () => Promise<void>) => void,
): Attempting {
  const inFlight = new Set<string>();
  const pacing = holdPacing(ports);
  const readStartable = (nowMs: number, count: number) =>
    ports.readStartable(nowMs, { inFlight, count, dueFirst: pacing.dueFirst() });
  const begin = (eventId: string, attempt: () => Promise<void>) => {
    inFlight.add(eventId);
    inBackground(async () => {
      try {
        await attempt();
      } finally {
        inFlight.delete(eventId);
      }
    });
  };
  return {
    ...pacing,
    inFlight,
    hasStartable: (nowMs) => readStartable(nowMs, 1).length > 0,
    start: (subscription, nowMs) => {
      const count = attemptsAtOnce(ports.readFailureRun(subscription.url)) - inFlight.size;
      let againAtMs: number | null = null;
      for (const delivery of readStartable(nowMs, count)) {
        const atMs = pacing.readyAtMs(subscription, nowMs);
        if (atMs > nowMs) {
          pacing.wait(subscription);
          return atMs;
        }
        const attempt = ports.prepare(subscription, delivery, nowMs);
        if (attempt === null) againAtMs = nowMs;
        else {
          pacing.start(subscription, nowMs);
          begin(delivery.eventId, attempt);
        }
      }
      return againAtMs;
    },
  };
}
