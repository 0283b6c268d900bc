import { expect, it } from "vitest";
import type { PendingDelivery } from "../../../../src/subscriptions/deliveries/delivery.ts";
import { type EnginePorts, holdEngine } from "../../../../src/subscriptions/schedule/engine.ts";
import type { Subscription } from "../../../../src/subscriptions/subscription.ts";

const subscription: Subscription = {
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

/** An engine in a time of its own: everything that it does is written down, with the time at which it did it. */
function aWorld(parts: { settings?: Partial<Subscription>; waiting?: string[]; works?: boolean } = {}) {
  let nowMs = 0;
  let settings: Subscription | null = { ...subscription, ...parts.settings };
  const waiting = [...(parts.waiting ?? [])];
  const journal: string[] = [];
  const timers: { atMs: number; ring: () => void }[] = [];
  let attempt = async (eventId: string): Promise<void> => {
    waiting.splice(waiting.indexOf(eventId), 1);
  };
  const note = (what: string) => journal.push(`${nowMs} ${what}`);
  const ports: EnginePorts = {
    clock: {
      nowMs: () => nowMs,
      setAlarm: (atMs) => note(`alarm ${atMs}`),
      startTimer: (waitMs, ring) => {
        const timer = { atMs: nowMs + waitMs, ring };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
    },
    isOpen: () => true,
    settings: { known: () => settings, fresh: () => settings },
    readSettings: async () => {
      note("settings");
      settings = { ...subscription, ...parts.settings };
    },
    readStanding: () => ({
      earliestRetryAtMs: null,
      hasWaiting: () => waiting.length > 0,
      oldestReceivedAtMs: () => null,
    }),
    attempts: {
      readStartable: (_atMs, { inFlight, count }) =>
        waiting
          .filter((eventId) => !inFlight.has(eventId))
          .slice(0, count)
          .map(aDelivery),
      readFailureRun: () => null,
      attempt: (_subscription, { eventId }) => {
        note(eventId);
        return attempt(eventId);
      },
    },
    work: { isPending: () => parts.works ?? false, step: async () => false },
    keepAwake: () => undefined,
    reportPause: (line) => note(line),
  };
  return {
    engine: holdEngine(ports),
    journal,
    forgetSettings: () => {
      settings = null;
    },
    attemptBy: (other: typeof attempt) => {
      attempt = other;
    },
    /** Lets time pass until then, every timer at its time. */
    passUntil: async (untilMs: number) => {
      await settle();
      for (;;) {
        const next = timers.toSorted((left, right) => left.atMs - right.atMs)[0];
        if (next === undefined || next.atMs > untilMs) break;
        timers.splice(timers.indexOf(next), 1);
        nowMs = next.atMs;
        next.ring();
        await settle();
      }
      nowMs = untilMs;
    },
  };
}

const events = (count: number) => Array.from({ length: count }, (_, index) => `evt_${index}`);

it("an alarm stands before anything is sent, and six attempts are made at once", async () => {
  const { engine, journal, attemptBy } = aWorld({ waiting: events(8) });
  attemptBy(() => new Promise(() => undefined));
  engine.proceed();
  engine.proceed();
  expect(journal).toEqual(["0 alarm 10000", ...events(6).map((id) => `0 ${id}`)]);
  expect([...engine.inFlight]).toEqual(events(6));
});

it("settings that are not known are read before anything is sent, and only if there is anything to send", async () => {
  const idle = aWorld();
  idle.forgetSettings();
  idle.engine.proceed();
  expect(idle.journal).toEqual([]);
  const { engine, journal, forgetSettings } = aWorld({ waiting: events(1) });
  forgetSettings();
  engine.proceed();
  await settle();
  expect(journal).toEqual(["0 alarm 10000", "0 settings", "0 evt_0"]);
});

it("a rate spaces the attempts, also while a replay waits for its turn", async () => {
  const world = aWorld({ settings: { ratePerSecond: 10 }, waiting: events(4), works: true });
  world.engine.proceed();
  await world.passUntil(450);
  const sent = world.journal.filter((line) => line.includes("evt_"));
  expect(sent).toEqual(["0 evt_0", "100 evt_1", "200 evt_2", "300 evt_3"]);
});

it("a fault of ours keeps everything still for five seconds", async () => {
  const { engine, journal, attemptBy, passUntil } = aWorld({ waiting: events(1) });
  let isDown = true;
  attemptBy(async () => {
    if (isDown) throw new Error("the database is down");
    await new Promise(() => undefined);
  });
  engine.proceed();
  await passUntil(4_000);
  engine.proceed();
  isDown = false;
  await passUntil(6_000);
  expect(journal.filter((line) => !line.includes("alarm"))).toEqual([
    "0 evt_0",
    "0 delivery.postponed",
    "5000 evt_0",
  ]);
});
