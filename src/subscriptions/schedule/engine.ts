/**
 * What an object does by itself: attempts, and other work beside them, each when it may. After a fault of ours it rests.
 *
 * An alarm stands before anything is started, and nothing in here throws. All that is held may be lost.
 */
import type { Subscription } from "../subscription.ts";
import { alarmAtMs, type Standing } from "./alarm.ts";
import { type AttemptingPorts, holdAttempting } from "./attempting.ts";
import type { Rate, Start } from "./pace.ts";
import { type Clock, holdWaking } from "./waking.ts";
import { holdWorking, restMs, type WorkingPorts } from "./working.ts";

export type Pause = "delivery.postponed" | "subscription.stuck" | "subscription.workPostponed";

export interface Settings {
  /** However old; null before anything was told. */
  readonly known: () => Subscription | null;
  /** Young enough to act on; null where they have to be read. */
  readonly fresh: () => Subscription | null;
}

export interface EnginePorts {
  readonly clock: Clock;
  /** Whether the object holds anything. */
  readonly isOpen: () => boolean;
  readonly settings: Settings;
  readonly readSettings: () => Promise<void>;
  readonly readStanding: () => Standing;
  readonly attempts: AttemptingPorts;
  readonly work: WorkingPorts;
  readonly keepAwake: (work: Promise<void>) => void;
  readonly reportPause: (line: Pause, error: unknown) => void;
}

export interface Engine {
  /** Starts whatever may start now. Safe to call at any time. */
  readonly proceed: () => void;
  /** What an object finds of the time before it started: its alarm, none while it rings, and a start written down. */
  readonly remember: (alarmAtMs: number | null, lastStart: Start | null) => void;
  readonly alarmRang: () => void;
  /** Another object starts one that this one leaves out. */
  readonly cede: (rate: Rate) => void;
  readonly stop: () => void;
  /** Events whose attempt is being made. */
  readonly inFlight: ReadonlySet<string>;
}

export function holdEngine(ports: EnginePorts): Engine {
  const { clock, isOpen, settings } = ports;
  let restUntilMs = 0;
  const waking = holdWaking(clock, () => proceed());
  const postpone = (error: unknown) => rest("delivery.postponed", error);
  const attempting = holdAttempting(ports.attempts, (work) => inBackground(work, postpone));
  const working = holdWorking(ports.work, clock.nowMs, (work) =>
    // It rests by itself: no delivery waits for it.
    inBackground(work, (error) => ports.reportPause("subscription.workPostponed", error)),
  );

  function proceed(): void {
    if (!isOpen()) return;
    try {
      const nowMs = clock.nowMs();
      arm(nowMs);
      // No rest was that long: the clock was set back.
      if (restUntilMs > nowMs + restMs) restUntilMs = nowMs;
      if (restUntilMs > nowMs) waking.wakeAt(restUntilMs);
      else start(nowMs);
    } catch (error) {
      rest("subscription.stuck", error);
    }
  }

  function arm(nowMs: number): void {
    const isBusy = attempting.inFlight.size > 0 || working.isPending();
    const readyAtMs = attempting.readyAtMs(settings.known(), nowMs);
    const atMs = alarmAtMs(ports.readStanding(), { nowMs, isBusy, readyAtMs });
    if (atMs !== null) waking.armFor(atMs);
  }

  function start(nowMs: number): void {
    const subscription = settings.fresh();
    if (subscription === null) {
      const hasAnything = working.isPending() || attempting.hasStartable(nowMs);
      if (hasAnything) inBackground(ports.readSettings, postpone);
      return;
    }
    for (const lane of [working, attempting]) {
      const againAtMs = lane.start(subscription, nowMs);
      if (againAtMs !== null) waking.wakeAt(againAtMs);
    }
  }

  /** What fails in it fails for want of D1 or of other objects. */
  function inBackground(work: () => Promise<void>, failed: (error: unknown) => void): void {
    ports.keepAwake(work().catch(failed).finally(proceed));
  }

  function rest(line: Pause, error: unknown): void {
    restUntilMs = clock.nowMs() + restMs;
    ports.reportPause(line, error);
    waking.wakeAt(restUntilMs);
  }

  return {
    proceed,
    remember: (alarmStandsAtMs, lastStart) => {
      waking.alarmStands(alarmStandsAtMs);
      attempting.remember({ wokenAtMs: clock.nowMs(), alarmAtMs: alarmStandsAtMs, lastStart });
    },
    alarmRang: () => waking.alarmStands(null),
    cede: (rate) => attempting.cede(rate, clock.nowMs()),
    stop: waking.stop,
    inFlight: attempting.inFlight,
  };
}
