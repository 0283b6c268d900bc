import { expect, it } from "vitest";
import { holdSettings } from "../../../../src/subscriptions/settings/held.ts";
import type { Subscription } from "../../../../src/subscriptions/subscription.ts";
import { aSubscription } from "../../../support/schedule.ts";

const at = (version: number, parts: Partial<Subscription> = {}): Subscription => ({
  ...aSubscription,
  version,
  ...parts,
});

function aWorld() {
  let nowMs = 100_000;
  let opened = 0;
  let stored: Subscription | null = null;
  let whileReading: (() => void) | null = null;
  const held = holdSettings({
    load: async () => {
      whileReading?.();
      return stored;
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
