import { env } from "cloudflare:workers";
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { hangCounted, type Receivers, receivers } from "../../support/receiver.ts";
import {
  deliveryOf,
  freshEvent,
  freshEvents,
  objectOf,
  removeAll,
  stateOf,
  subscribe,
} from "../../support/subscriptions.ts";

let world: Receivers;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  world = receivers();
  // A line for each failed attempt, a thousand times.
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  await removeAll();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("an endpoint", () => {
  it("that fails at random gets 1,000 events all the same, each with one id, and the log tells every attempt", async () => {
    const { id } = await subscribe({ url: "https://random.example.com/" });
    // A small generator of its own (mulberry32), so that a failing run can be repeated.
    let state = 7;
    const chance = () => {
      state = (state + 0x6d2b79f5) | 0;
      const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      return (((mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed) >>> 0) / 2 ** 32;
    };
    const succeeded = new Map<string, number>();
    world.answer("random.example.com", ({ headers }) => {
      if (chance() < 0.3) return new Response("", { status: 500 });
      const event = headers.get("webhook-id") ?? "";
      succeeded.set(event, (succeeded.get(event) ?? 0) + 1);
      return new Response("ok");
    });
    const events = freshEvents(1_000);
    for (let start = 0; start < events.length; start += 100) {
      await shareEvents(env, events.slice(start, start + 100));
    }
    const patiently = { timeout: 60_000, interval: 100 };
    await expect.poll(() => unstarted(id), patiently).toBe(0);
    for (let round = 0; round < 100 && succeeded.size < 1_000; round += 1) {
      vi.setSystemTime(Math.max(Date.now(), await alarmOf(id)) + 20 * 60_000);
      await runDurableObjectAlarm(objectOf(id));
      await expect.poll(() => unstarted(id), patiently).toBe(0);
    }
    await expect.poll(() => succeeded.size).toBe(1_000);
    expect([...succeeded.values()].every((times) => times === 1)).toBe(true);
    let logged = 0;
    for (const { id: event } of events.slice(0, 50)) {
      const delivery = await deliveryOf(id, event);
      expect(delivery.state).toBe("delivered");
      const sent = world.received.filter(({ headers }) => headers.get("webhook-id") === event);
      expect(delivery.attempts).toHaveLength(sent.length);
      logged += sent.length;
    }
    expect(logged).toBeGreaterThan(50);
  }, 300_000);

  it("that hangs or refuses delays nobody else: 20 healthy ones beside 5 and 5", async () => {
    const healthy = Array.from({ length: 20 }, (_, index) => `healthy-${index}.example.com`);
    for (const host of healthy) await subscribe({ url: `https://${host}/` });
    const hanging = Array.from({ length: 5 }, () => hangCounted());
    for (const [index, { answer }] of hanging.entries()) {
      await subscribe({ url: `https://hanging-${index}.example.com/`, timeoutSeconds: 30 });
      world.answer(`hanging-${index}.example.com`, answer);
      await subscribe({ url: `https://refusing-${index}.example.com/` });
      world.answer(`refusing-${index}.example.com`, () => {
        throw new TypeError("connection refused");
      });
    }
    const events = freshEvents(10);
    for (const event of events) await shareEvents(env, [event]);
    // The hanging ones hold what they were given; every healthy one has had everything long before they time out.
    for (const host of healthy) await expect.poll(() => world.at(host).length).toBe(10);
    for (const { atOnce } of hanging) {
      // On a slow machine the first have timed out by now, and others take their places.
      await expect.poll(() => atOnce.length).toBeGreaterThanOrEqual(6);
      expect(Math.max(...atOnce)).toBe(6);
    }
  });

  it("that times out five times in a row gets one probe at a time, and everything once it is back", async () => {
    const { id } = await subscribe({ url: "https://probed.example.com/", timeoutSeconds: 1 });
    const { answer, atOnce } = hangCounted();
    world.answer("probed.example.com", answer);
    const events = freshEvents(20);
    await shareEvents(env, events);
    await expect.poll(() => atOnce.length).toBeGreaterThanOrEqual(12);
    world.answer("probed.example.com", () => new Response("ok"));
    // Six at once; four more take the places of the first that time out; the fifth timeout closes the door.
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(6);
    expect(new Set(atOnce.slice(10))).toEqual(new Set([1]));
    const tried = new Set(world.received.map(({ headers }) => headers.get("webhook-id")));
    const untried = events.filter((event) => !tried.has(event.id));
    expect(untried.length).toBeGreaterThan(1);
    for (const event of untried) await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
  });

  it("with a rate gets no more than that", async () => {
    await subscribe({ url: "https://slow.example.com/", ratePerSecond: 20 });
    vi.useRealTimers();
    const startedMs = Date.now();
    await shareEvents(env, freshEvents(11));
    await expect.poll(() => world.received.length, { interval: 5 }).toBe(11);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(490);
  });

  it("whose name turns private is not called any more; one that cannot be looked up is tried again", async () => {
    world.resolve("rebound.example.com", ["93.184.216.34"]);
    const { id } = await subscribe({ url: "https://rebound.example.com/" });
    world.resolve("rebound.example.com", ["192.168.1.1"]);
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("blocked");
    expect(world.at("rebound.example.com")).toEqual([]);
    world.resolve("unknown.example.com", null);
    const { id: unknown } = await subscribe({ url: "https://unknown.example.com/" });
    const second = freshEvent();
    await shareEvents(env, [second]);
    await expect.poll(() => stateOf(unknown, second.id)).toBe("retrying");
    expect((await deliveryOf(unknown, second.id)).attempts).toMatchObject([
      { statusCode: null, error: expect.stringContaining("looked up") },
    ]);
  });
});

/** Deliveries whose attempt is due, or being made. */
async function unstarted(subscription: string): Promise<unknown> {
  return runInDurableObject(objectOf(subscription), (_object, { storage }) => {
    const due = "SELECT count(*) AS due FROM deliveries WHERE phase = 0 OR next_attempt_at_ms <= ?";
    return storage.sql.exec(due, Date.now()).one()["due"];
  });
}

async function alarmOf(subscription: string): Promise<number> {
  return (
    (await runInDurableObject(objectOf(subscription), (_object, { storage }) => storage.getAlarm())) ?? 0
  );
}
