import { expect, it } from "vitest";
import { holdSettings } from "../../../../src/subscriptions/settings/held.ts";
import type { Subscription } from "../../../../src/subscriptions/subscription.ts";
import { aSubscription } from "../../../support/schedule.ts";

const startMs = 100_000;

const at = (version: number, parts: Partial<Subscription> = {}): Subscription => ({
  ...aSubscription,
  readAtMs: startMs,
  version,
  ...parts,
});

function aWorld() {
  let nowMs = startMs;
  let opened = 0;
  let stored: Subscription | null = null;
  let whileReading: (() => void) | null = null;
  const held = holdSettings({
    load: async () => {
      const readAtMs = nowMs;
      whileReading?.();
      return stored === null ? null : { ...stored, readAtMs };
    },
    open: async () => {
      opened += 1;
      return null;
    },
    nowMs: () => nowMs,
  });
  return {
    held,
    store: (subscription: Subscription) => {
      stored = subscription;
    },
    during: (happens: () => void) => {
      whileReading = happens;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    timesOpened: () => opened,
  };
}

it("of what is told the newer stays, whichever came later", () => {
  const { held } = aWorld();
  held.learn(at(2));
  held.learn(at(1));
  expect(held.fresh()?.version).toBe(2);
});

it("what an object tells itself does not make it any younger", () => {
  const { held, pass } = aWorld();
  held.learn(at(1));
  pass(4_000);
  const own = held.fresh();
  if (own === null) throw new Error("just told");
  held.learn(own);
  pass(1_000);
  expect(held.fresh()).toBeNull();
});

it("what is told is as old as its reading, and of the same version the later read stays", () => {
  const { held, pass } = aWorld();
  pass(10_000);
  held.learn(at(1, { readAtMs: startMs + 6_000, sources: ["a"] }));
  expect(held.fresh()?.sources).toEqual(["a"]);
  held.learn(at(1, { readAtMs: startMs + 5_000, sources: ["a", "b"] }));
  expect(held.fresh()?.sources).toEqual(["a"]);
  pass(1_000);
  expect(held.fresh()).toBeNull();
});

it("an older version that was read much later holds: the database was set back", () => {
  const { held, pass } = aWorld();
  held.learn(at(9, { status: "inactive" }));
  pass(6_000);
  held.learn(at(5, { readAtMs: startMs + 6_000 }));
  expect(held.fresh()?.version).toBe(5);
});

it("what is read holds, also where an older version is in force again than the one that was told", async () => {
  const { held, store, pass } = aWorld();
  held.learn(at(9));
  pass(6_000);
  expect(held.fresh()).toBeNull();
  store(at(5));
  expect((await held.read("sub_1"))?.version).toBe(5);
  expect(held.fresh()?.version).toBe(5);
});

it("a change that is told during a read is not undone by it", async () => {
  const { held, store, during } = aWorld();
  held.learn(at(1));
  store(at(1));
  during(() => held.learn(at(2)));
  expect((await held.read("sub_1"))?.version).toBe(2);
  expect(held.fresh()?.version).toBe(2);
});

it("a database that takes its time is not asked again and again", async () => {
  const { held, store, during, pass } = aWorld();
  store(at(1));
  during(() => pass(6_000));
  await held.read("sub_1");
  expect(held.fresh()?.version).toBe(1);
});

it("settings are young for five seconds, and never after the clock was set back", () => {
  const { held, pass } = aWorld();
  held.learn(at(1));
  pass(4_999);
  expect(held.fresh()).not.toBeNull();
  pass(1);
  expect(held.fresh()).toBeNull();
  pass(-5_001);
  expect(held.fresh()).toBeNull();
});

it("secrets are opened once for each change, also where a version comes twice", async () => {
  const { held, timesOpened } = aWorld();
  await held.secretsOf(at(9));
  await held.secretsOf(at(9));
  expect(timesOpened()).toBe(1);
  await held.secretsOf(at(9, { updatedAt: "2026-11-22T10:00:00.000Z" }));
  expect(timesOpened()).toBe(2);
});
