/** A subscription object's engine in a time of its own: what it does is written down, with the time at which it did it. */
import type { PendingDelivery } from "../../src/subscriptions/deliveries/delivery.ts";
import { type Engine, type EnginePorts, holdEngine } from "../../src/subscriptions/schedule/engine.ts";
import type { Start } from "../../src/subscriptions/schedule/pace.ts";
import type { Subscription } from "../../src/subscriptions/subscription.ts";

export const aSubscription: Subscription = {
  id: "sub_1",
  version: 1,
  url: "https://one.example.com/",
  name: null,
  status: "active",
  disabledReason: null,
  format: "tickline",
  scenario: null,
  filter: {},
  headers: {},
  timeoutSeconds: 15,
  ratePerSecond: null,
  parallelism: 1,
  shards: 1,
  signingSecret: "",
  previousSecret: null,
  previousSecretExpiresAtMs: null,
  makerKeyId: "root",
  sources: null,
  createdAt: "2026-11-21T10:00:00.000Z",
  updatedAt: "2026-11-21T10:00:00.000Z",
  readAtMs: 0,
};

function aDelivery(eventId: string): PendingDelivery {
  return {
    eventId,
    receivedAtMs: 0,
    deadlineMs: 1e9,
    failures: 0,
    attemptsTotal: 0,
    attempts: [],
    payload: "{}",
    replay: null,
  };
}

/** Lets everything happen that waits for nothing but its turn. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

interface Parts {
  readonly settings?: Partial<Subscription>;
  /** Events that wait for their first attempt. */
  readonly waiting?: readonly string[];
  /** Events whose retry is due at that time. */
  readonly retries?: Readonly<Record<string, number>>;
  readonly work?: EnginePorts["work"];
  readonly startsAtMs?: number;
  readonly shard?: number;
  /** Events that wait, and end without an attempt. */
  readonly unsent?: readonly string[];
}

export function aWorld(parts: Parts = {}) {
  // What stands in storage.
  let alarmAtMs: number | null = null;
  let lastStart: Start | null = null;
  const waiting = [...(parts.waiting ?? [])];
  const retries = new Map(Object.entries(parts.retries ?? {}));
  // What is held in memory.
  let current: Subscription = { ...aSubscription, ...parts.settings };
  let settings: Subscription | null = current;
  let timers: { atMs: number; ring: () => void }[] = [];
  let nowMs = parts.startsAtMs ?? 0;
  const journal: string[] = [];
  const note = (what: string) => journal.push(`${nowMs} ${what}`);
  let attempt = async (eventId: string): Promise<void> => {
    if (!retries.delete(eventId)) waiting.splice(waiting.indexOf(eventId), 1);
  };
  const ports: EnginePorts = {
    clock: {
      nowMs: () => nowMs,
      setAlarm: (atMs) => {
        alarmAtMs = atMs;
        note(`alarm ${atMs}`);
      },
      startTimer: (waitMs, ring) => {
        const timer = { atMs: nowMs + waitMs, ring };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    isOpen: () => true,
    settings: { known: () => settings, fresh: () => settings },
    readSettings: async () => {
      note("settings");
      settings = current;
    },
    readStanding: () => ({
      earliestRetryAtMs: retries.size === 0 ? null : Math.min(...retries.values()),
      hasWaiting: () => waiting.length > 0,
      oldestReceivedAtMs: () => null,
    }),
    attempts: {
      shard: parts.shard ?? 0,
      readStartable: (atMs, { inFlight, count, dueFirst }) => {
        const due = [...retries].flatMap(([eventId, dueMs]) => (dueMs <= atMs ? [eventId] : []));
        const inOrder = dueFirst ? [...due, ...waiting] : [...waiting, ...due];
        return inOrder
          .filter((eventId) => !inFlight.has(eventId))
          .slice(0, count)
          .map(aDelivery);
      },
      readFailureRun: () => null,
      writeLastStart: (start) => {
        lastStart = start;
      },
      prepare: (_subscription, { eventId }) => {
        if (parts.unsent?.includes(eventId) === true) {
          waiting.splice(waiting.indexOf(eventId), 1);
          return null;
        }
        return () => {
          note(eventId);
          return attempt(eventId);
        };
      },
    },
    work: parts.work ?? { isPending: () => false, step: async () => false },
    keepAwake: () => undefined,
    reportPause: (line) => note(line),
  };
  let engine: Engine | null = holdEngine(ports);

  /** The engine; where it was evicted, a new one, as its object finds things. */
  function awake(): Engine {
    if (engine === null) {
      engine = holdEngine(ports);
      engine.remember(alarmAtMs, lastStart);
    }
    return engine;
  }

  function evict(): void {
    engine = null;
    settings = null;
    timers = [];
  }

  /** Rings whatever rings next until then; false: nothing does. */
  function ringNext(untilMs: number): boolean {
    const timer = timers.toSorted((left, right) => left.atMs - right.atMs)[0];
    const atMs = Math.min(timer?.atMs ?? Infinity, alarmAtMs ?? Infinity);
    if (atMs > untilMs) return false;
    nowMs = Math.max(nowMs, atMs);
    if (timer?.atMs === atMs) {
      timers = timers.filter((other) => other !== timer);
      timer.ring();
    } else {
      alarmAtMs = null;
      note("ring");
      const rung = awake();
      rung.alarmRang();
      rung.proceed();
    }
    return true;
  }

  return {
    journal,
    /** When each attempt was started. */
    starts: () => journal.filter((line) => /evt_\d+$/.test(line)),
    awake,
    evict,
    forgetSettings: () => {
      settings = null;
    },
    attemptBy: (other: typeof attempt) => {
      attempt = other;
    },
    /** As a share brings it, and the settings with it. */
    accept: (eventId: string) => {
      waiting.push(eventId);
      const accepting = awake();
      settings = current;
      accepting.proceed();
    },
    changeSettings: (changed: Partial<Subscription>) => {
      const told = awake();
      current = { ...current, ...changed };
      settings = current;
      told.proceed();
    },
    retryAt: (eventId: string, atMs: number) => retries.set(eventId, atMs),
    setClockBack: (byMs: number) => {
      nowMs -= byMs;
      timers = timers.map(({ atMs, ring }) => ({ atMs: atMs - byMs, ring }));
    },
    /** Lets time pass until then; `evicts`: nothing is left in memory when a turn is over. */
    passUntil: async (untilMs: number, { evicts = false } = {}) => {
      await settle();
      if (evicts) evict();
      while (ringNext(untilMs)) {
        await settle();
        if (evicts) evict();
      }
      nowMs = untilMs;
    },
  };
}

export const eventNames = (count: number) => Array.from({ length: count }, (_, index) => `evt_${index}`);
