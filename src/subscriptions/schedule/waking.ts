/**
 * When an object wakes by itself: by its alarm, which outlives it, and sooner by a timer, which does not. Both only
 * ever move forward: waking too early does no harm.
 */

/** Waits that are longer are left to the alarm, so that the object may sleep. */
const timerMsMax = 10_000;

export interface Clock {
  readonly nowMs: () => number;
  readonly setAlarm: (atMs: number) => void;
  /** Answers how to stop it. */
  readonly startTimer: (waitMs: number, ring: () => void) => () => void;
}

export interface Waking {
  /** What storage says of the alarm, after a start of the object and when it rings. */
  readonly alarmStands: (atMs: number | null) => void;
  readonly armFor: (atMs: number) => void;
  readonly wakeAt: (atMs: number) => void;
  readonly stop: () => void;
}

export function holdWaking({ nowMs, setAlarm, startTimer }: Clock, wake: () => void): Waking {
  let alarmAtMs: number | null = null;
  let timer: { readonly atMs: number; readonly stop: () => void } | null = null;
  return {
    alarmStands: (atMs) => {
      alarmAtMs = atMs;
    },
    armFor: (atMs) => {
      if (alarmAtMs !== null && alarmAtMs <= atMs) return;
      alarmAtMs = atMs;
      setAlarm(atMs);
    },
    wakeAt: (atMs) => {
      const waitMs = Math.max(0, atMs - nowMs());
      if (waitMs > timerMsMax || (timer !== null && timer.atMs <= atMs)) return;
      timer?.stop();
      const ring = () => {
        timer = null;
        wake();
      };
      timer = { atMs, stop: startTimer(waitMs, ring) };
    },
    stop: () => {
      timer?.stop();
      timer = null;
    },
  };
}
