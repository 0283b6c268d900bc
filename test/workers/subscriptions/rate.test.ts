import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { type Receivers, receivers } from "../../support/receiver.ts";
import {
  change,
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
  world = receivers();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

it("what waits in more objects than the parallelism has by now keeps to the rate with the others", async () => {
  const { id } = await subscribe({
    url: "https://lowered.example.com/",
    ratePerSecond: 0.04,
    parallelism: 4,
  });
  const times: number[] = [];
  world.answer("lowered.example.com", () => {
    times.push(Date.now());
    return new Response("ok");
  });
  await shareEvents(env, freshEvents(32));
  await expect.poll(() => times.length).toBe(4);
  const changedMs = Date.now();
  await change(id, { ratePerSecond: 20, parallelism: 1 });
  await shareEvents(env, freshEvents(20));
  await expect.poll(() => times.length).toBe(52);
  // The four objects may begin at once, and then 20 a second is all that they make together.
  const sent = times.slice(4);
  const lastedMs = Number(sent.at(-1)) - changedMs;
  expect(lastedMs).toBeGreaterThanOrEqual(((sent.length - 1 - 4) * 1_000) / 20 - 100);
});

it("what there are no words for any more takes no place of what there are", async () => {
  const { id } = await subscribe({ url: "https://translated.example.com/", ratePerSecond: 0.01 });
  const first = freshEvent();
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  const unsaid = freshEvents(20, { status: "sent" });
  const said = receivedIn(1);
  await shareEvents(env, [...unsaid, said]);
  // Nothing more may start before.
  await change(id, { format: "nifteem", ratePerSecond: 0.5 });
  await expect.poll(() => stateOf(id, said.id)).toBe("delivered");
  for (const event of unsaid) expect(await stateOf(id, event.id)).toBe("canceled");
  expect(world.received).toHaveLength(2);
});

it("one whose request cannot be made counts as failed, is told of, and keeps no other", async () => {
  const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { id } = await subscribe({ url: "https://unrendered.example.com/", ratePerSecond: 0.01 });
  const [first, broken, last] = [receivedIn(0), receivedIn(1), receivedIn(2)];
  await shareEvents(env, [first, broken, last]);
  await expect.poll(() => stateOf(id, first.id)).toBe("delivered");
  // JSON to SQLite, which lists read it by, and to nobody else.
  await runInDurableObject(objectOf(id), (_object, { storage }) => {
    storage.sql.exec("UPDATE deliveries SET payload = '{a:1}' WHERE event_id = ?", broken.id);
  });
  await change(id, { ratePerSecond: 10 });
  await expect.poll(() => stateOf(id, last.id)).toBe("delivered");
  expect(await deliveryOf(id, broken.id)).toMatchObject({
    state: "retrying",
    attempts: [{ statusCode: null, error: expect.stringContaining("a fault of ours") }],
  });
  expect(lines.mock.calls.flat().join()).toContain('"line":"delivery.unrendered"');
});

function receivedIn(seconds: number) {
  return freshEvent({ receivedAt: new Date(Date.now() + 1_000 * seconds).toISOString() });
}
