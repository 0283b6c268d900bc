import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { hangCounted, type Receivers, receivers, refuse } from "../../support/receiver.ts";
import {
  freshEvent,
  freshEvents,
  objectOf,
  removeAll,
  stateOf,
  subscribe,
} from "../../support/subscriptions.ts";

let world: Receivers;
beforeEach(() => {
  world = receivers();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  await removeAll();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Two readings of the clock, each cut to a millisecond. */
const clockMs = 2;

/** Notes when each request comes, and answers it. */
function noteTimes(host: string, status: number): number[] {
  const times: number[] = [];
  world.answer(host, () => {
    times.push(Date.now());
    return new Response("", { status });
  });
  return times;
}

it("an object that was evicted right after an attempt keeps to the rate", async () => {
  const { id } = await subscribe({ url: "https://paced.example.com/", ratePerSecond: 2 });
  const times = noteTimes("paced.example.com", 200);
  const startedMs = Date.now();
  const first = freshEvent();
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  await evictDurableObject(objectOf(id));
  await shareEvents(env, freshEvents(2));
  await expect.poll(() => times.length).toBe(3);
  // A busy machine only makes it longer.
  expect(Number(times[2]) - startedMs).toBeGreaterThanOrEqual(2 * 500 - clockMs);
});

it("an object that wakes to several retries keeps to the rate, before it was told any settings", async () => {
  const { id } = await subscribe({ url: "https://retried.example.com/", ratePerSecond: 4 });
  world.answer("retried.example.com", refuse);
  const events = freshEvents(3);
  const startedMs = Date.now();
  await shareEvents(env, events);
  for (const event of events) await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
  await evictDurableObject(objectOf(id));
  const times = noteTimes("retried.example.com", 200);
  await Promise.all(events.map((event) => objectOf(id).retry(event.id, null)));
  await expect.poll(() => times.length).toBe(3);
  expect(Number(times[2]) - startedMs).toBeGreaterThanOrEqual(5 * 250 - clockMs);
});

it("an object that wakes after a long rest sends at once, however low its rate", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { id } = await subscribe({ url: "https://rested.example.com/", ratePerSecond: 0.05 });
  const first = freshEvent();
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  for (let rung = 0; rung < 3; rung += 1) {
    vi.setSystemTime(Date.now() + 11_000);
    await runDurableObjectAlarm(objectOf(id));
  }
  await evictDurableObject(objectOf(id));
  const second = freshEvent();
  await shareEvents(env, [second]);
  await expect.poll(() => stateOf(id, second.id)).toBe("delivered");
});

it("an object that is evicted between two starts of a slow rate makes the next one in time", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { id } = await subscribe({ url: "https://slow.example.com/", ratePerSecond: 0.05 });
  const [first, second] = [freshEvent(), freshEvent()];
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  await shareEvents(env, [second]);
  await evictDurableObject(objectOf(id));
  vi.setSystemTime(Date.now() + 10_000);
  expect(await stateOf(id, second.id)).toBe("pending");
  await evictDurableObject(objectOf(id));
  vi.setSystemTime(Date.now() + 10_000);
  await runDurableObjectAlarm(objectOf(id));
  await expect.poll(() => stateOf(id, second.id)).toBe("delivered");
});

it("an object that was evicted goes on probing an endpoint that hangs", async () => {
  const { id } = await subscribe({ url: "https://probed.example.com/", timeoutSeconds: 1 });
  const { answer, atOnce } = hangCounted();
  world.answer("probed.example.com", answer);
  const events = freshEvents(6);
  await shareEvents(env, events);
  for (const event of events) await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
  await evictDurableObject(objectOf(id));
  await shareEvents(env, freshEvents(6));
  // One, and after its timeout one more.
  await expect.poll(() => atOnce.length).toBeGreaterThanOrEqual(8);
  expect(new Set(atOnce.slice(6))).toEqual(new Set([1]));
  world.answer("probed.example.com", () => new Response("ok"));
  await expect.poll(() => world.received.length).toBeGreaterThanOrEqual(12);
});
