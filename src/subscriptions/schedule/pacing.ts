/**
 * When an object may start its next attempt, and whose turn it is. Held in memory, as `pace.ts` says; what the object
 * must not forget is written with each start, and with each that it leaves out.
 */
import { type LastStart, outlivesObject, type Rate, readyAtMs, spacingOf, type Start } from "./pace.ts";

export interface PacingPorts {
  readonly shard: number;
  /** Null: there is none that the object has to remember. */
  readonly writeLastStart: (start: Start | null) => void;
}

export interface Found {
  readonly wokenAtMs: number;
  readonly alarmAtMs: number | null;
  readonly lastStart: Start | null;
}

export interface Pacing {
  /** What an object finds of the time before it started: its alarm, none while it rings, and a start written down. */
  readonly remember: (found: Found) => void;
  /** `rate` is null before the settings are known. */
  readonly readyAtMs: (rate: Rate | null, nowMs: number) => number;
  /** Whether retries go before first attempts. */
  readonly dueFirst: () => boolean;
  readonly start: (rate: Rate, nowMs: number) => void;
  /** Another object starts one that this one leaves out. */
  readonly cede: (rate: Rate, nowMs: number) => void;
  /** There is one to start that may not yet. */
  readonly wait: (rate: Rate) => void;
}

export function holdPacing({ shard, writeLastStart }: PacingPorts): Pacing {
  let last: LastStart = { kind: "none" };
  let isWritten = false;
  let dueFirst = false;
  /** Starts left out since the last one. */
  let ceded = 0;
  const note = (rate: Rate, atMs: number) => {
    const spacingMs = spacingOf(rate, shard);
    last = { kind: "known", atMs, spacingMs };
    const outlives = outlivesObject(spacingMs);
    if (outlives || isWritten) writeLastStart(outlives ? { atMs, spacingMs, dueFirst, ceded } : null);
    isWritten = outlives;
  };
  /** A start that is still to come was made before the clock was set back: it is taken for a moment ago. */
  const lastAsOf = (nowMs: number): LastStart => {
    if (last.kind === "forgotten" && last.wokenAtMs > nowMs) last = { ...last, wokenAtMs: nowMs };
    if (last.kind === "known" && last.atMs > nowMs) {
      last = { ...last, atMs: nowMs };
      if (isWritten) writeLastStart({ atMs: nowMs, spacingMs: last.spacingMs, dueFirst, ceded });
    }
    return last;
  };
  const readyAt = (rate: Rate | null, nowMs: number) => {
    const started = lastAsOf(nowMs);
    const spacingBefore = started.kind === "known" ? started.spacingMs : 0;
    const spacingMs = rate === null ? spacingBefore : spacingOf(rate, shard);
    return readyAtMs(started, spacingMs) + ceded * spacingMs;
  };
  const start = (rate: Rate, nowMs: number) => {
    ceded = 0;
    note(rate, nowMs);
  };
  return {
    remember: ({ wokenAtMs, alarmAtMs, lastStart }) => {
      isWritten = lastStart !== null;
      dueFirst = lastStart?.dueFirst ?? dueFirst;
      ceded = lastStart?.ceded ?? 0;
      last =
        lastStart === null ? { kind: "forgotten", wokenAtMs, alarmAtMs } : { kind: "known", ...lastStart };
    },
    readyAtMs: readyAt,
    dueFirst: () => dueFirst,
    start: (rate, nowMs) => {
      dueFirst = !dueFirst;
      start(rate, nowMs);
    },
    cede: (rate, nowMs) => {
      if (last.kind === "none" || readyAt(rate, nowMs) <= nowMs) start(rate, nowMs);
      else {
        ceded += 1;
        note(rate, last.kind === "known" ? last.atMs : last.wokenAtMs);
      }
    },
    wait: (rate) => {
      // So that it is not taken for a moment ago once more.
      if (last.kind === "forgotten") note(rate, last.wokenAtMs);
    },
  };
}
