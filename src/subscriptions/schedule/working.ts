/**
 * What an object has to do besides delivering: one step at a time, and for a while none where nothing could be done or
 * the step failed.
 */
import type { Subscription } from "../subscription.ts";

/** How long a replay waits for its deliveries. */
const idleMs = 500;

/** How long to leave D1 or the other objects alone when they failed. */
export const restMs = 5_000;

export interface WorkingPorts {
  /** As stored. */
  readonly isPending: () => boolean;
  /** False: nothing could be done now. */
  readonly step: (subscription: Subscription) => Promise<boolean>;
}

export interface Working {
  readonly isPending: () => boolean;
  /** Takes the next step. Answers when to come again; null: when it has ended. */
  readonly start: (subscription: Subscription, nowMs: number) => number | null;
}

export function holdWorking(
  { isPending, step }: WorkingPorts,
  clockMs: () => number,
  inBackground: (work: () => Promise<void>) => void,
): Working {
  let isAtWork = false;
  let idleUntilMs = 0;
  const waitFor = (waitMs: number) => {
    idleUntilMs = clockMs() + waitMs;
  };
  return {
    isPending,
    start: (subscription, nowMs) => {
      if (isAtWork || !isPending()) return null;
      // No wait was that long: the clock was set back.
      if (idleUntilMs > nowMs + restMs) idleUntilMs = nowMs;
      if (idleUntilMs > nowMs) return idleUntilMs;
      isAtWork = true;
      inBackground(async () => {
        try {
          if (!(await step(subscription))) waitFor(idleMs);
        } catch (error) {
          waitFor(restMs);
          throw error;
        } finally {
          isAtWork = false;
        }
      });
      return null;
    },
  };
}
