import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { hang, type Receivers, receivers } from "../../support/receiver.ts";
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

/** Notes when each request comes, and answers it. */
function noteTimes(host: string, status: number): number[] {
  const times: number[] = [];
  world.answer(host, () => {
    times.push(Date.now());
    return new Response("", { status });
  });
  return times;
}

/** By how much one request may have taken longer from its start to its endpoint than the next. */
const onTheWayMs = 100;

function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

it("an object that was evicted right after an attempt keeps to the rate", async () => {
  const { id } = await subscribe({ url: "https://paced.example.com/", ratePerSecond: 2 });
  const times = noteTimes("paced.example.com", 200);
  const first = freshEvent();
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  await evictDurableObject(objectOf(id));
  await shareEvents(env, freshEvents(2));
  await expect.poll(() => times.length, { timeout: 5_000 }).toBe(3);
  for (const gap of gapsOf(times)) expect(gap).toBeGreaterThanOrEqual(500 - onTheWayMs);
});

it("an object that wakes to several retries keeps to the rate, before it was told any settings", async () => {
  const { id } = await subscribe({ url: "https://retried.example.com/", ratePerSecond: 4 });
  world.answer("retried.example.com", () => new Response("", { status: 500 }));
  const events = freshEvents(3);
  await shareEvents(env, events);
  for (const event of events) {
    await expect.poll(() => stateOf(id, event.id), { timeout: 3_000 }).toBe("retrying");
  }
  await evictDurableObject(objectOf(id));
  const times = noteTimes("retried.example.com", 200);
  await Promise.all(events.map((event) => objectOf(id).retry(event.id, null)));
  await expect.poll(() => times.length, { timeout: 5_000 }).toBe(3);
  for (const gap of gapsOf(times)) expect(gap).toBeGreaterThanOrEqual(250 - onTheWayMs);
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
  world.answer("probed.example.com", hang);
  const events = freshEvents(6);
  await shareEvents(env, events);
  for (const event of events) {
    await expect.poll(() => stateOf(id, event.id), { timeout: 5_000 }).toBe("retrying");
  }
  await evictDurableObject(objectOf(id));
  await shareEvents(env, freshEvents(6));
  // One, and after its timeout one more.
  await expect.poll(() => world.received.length).toBe(7);
  await expect.poll(() => world.received.length, { timeout: 5_000 }).toBe(8);
  world.answer("probed.example.com", () => new Response("ok"));
  await expect.poll(() => world.received.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(12);
});
