import { env } from "cloudflare:workers";
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { subscriptionSchema, type SubscriptionView } from "../../../src/model/subscription.ts";
import { shardOf } from "../../../src/subscriptions/shard.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { answerOf, ask } from "../../support/api.ts";
import { type Receivers, receivers } from "../../support/receiver.ts";
import {
  change,
  deliveryOf,
  freshEvent,
  objectOf,
  removeAll,
  stateOf,
  subscribe,
} from "../../support/subscriptions.ts";

let world: Receivers;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  world = receivers();
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  await removeAll();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const dayMs = 24 * 60 * 60 * 1_000;

function eventOfShard(shard: number, parallelism: number) {
  for (;;) {
    const event = freshEvent();
    if (shardOf(event.source, event.messageId, parallelism) === shard) return event;
  }
}

/** Nine failures over two days, and a tenth on the sixth day. */
async function failForDays(id: string, shard: number, parallelism: number): Promise<void> {
  const first = eventOfShard(shard, parallelism);
  await shareEvents(env, [first]);
  for (let attempts = 1; attempts < 9; attempts += 1) {
    await expect.poll(async () => (await deliveryOf(id, first.id)).attemptsTotal).toBe(attempts);
    vi.setSystemTime(Date.parse((await deliveryOf(id, first.id)).nextAttemptAt ?? "") + 1_000);
    await runDurableObjectAlarm(objectOf(id, shard));
  }
  await expect.poll(() => stateOf(id, first.id)).toBe("exhausted");
  vi.setSystemTime(Date.now() + 4 * dayMs);
}

async function read(id: string): Promise<SubscriptionView> {
  return answerOf(await ask("GET", `/v1/subscriptions/${id}`), 200, subscriptionSchema);
}

it("nothing but failure for five days disables a subscription; made active again it begins anew", async () => {
  const { id } = await subscribe({ url: "https://dead.example.com/" });
  world.answer("dead.example.com", () => new Response("", { status: 500 }));
  await failForDays(id, 0, 1);
  const last = freshEvent();
  await shareEvents(env, [last]);
  await expect.poll(async () => (await read(id)).status).toBe("disabled");
  expect((await read(id)).disabledReason).toContain("answered 500");
  await expect.poll(() => stateOf(id, last.id)).toBe("canceled");
  const again = await change(id, { status: "active" });
  expect(again).toMatchObject({ status: "active", disabledReason: null });
  const next = freshEvent();
  await shareEvents(env, [next]);
  await expect.poll(() => stateOf(id, next.id)).toBe("retrying");
  expect((await read(id)).status).toBe("active");
});

it("a success in another of its objects keeps it", async () => {
  const { id } = await subscribe({ url: "https://half.example.com/", parallelism: 2 });
  const good = eventOfShard(1, 2);
  world.answer("half.example.com", ({ headers }) =>
    headers.get("webhook-id") === good.id ? new Response("ok") : new Response("", { status: 500 }),
  );
  await failForDays(id, 0, 2);
  await shareEvents(env, [good]);
  await expect.poll(() => stateOf(id, good.id)).toBe("delivered");
  const last = eventOfShard(0, 2);
  await shareEvents(env, [last]);
  await expect.poll(() => stateOf(id, last.id)).toBe("retrying");
  const kept = () =>
    runInDurableObject(objectOf(id), (_object, { storage }) =>
      ["retirement", "failureRun"].map((key) => storage.kv.get(key)),
    );
  await expect.poll(kept).toEqual([undefined, undefined]);
  expect((await read(id)).status).toBe("active");
});

it("what the endpoint before did is not held against the one that took its place", async () => {
  const { id } = await subscribe({ url: "https://before.example.com/" });
  world.answer("before.example.com", () => new Response("", { status: 500 }));
  await failForDays(id, 0, 1);
  await change(id, { url: "https://after.example.com/" });
  world.answer("after.example.com", () => new Response("", { status: 500 }));
  const first = freshEvent();
  await shareEvents(env, [first]);
  await expect.poll(() => stateOf(id, first.id)).toBe("retrying");
  expect((await read(id)).status).toBe("active");
});

it("an answer of the endpoint before that comes late neither ends nor disables anything", async () => {
  const { id } = await subscribe({ url: "https://slow.example.com/" });
  const { promise, resolve } = Promise.withResolvers<Response>();
  world.answer("slow.example.com", () => promise);
  const event = freshEvent();
  await shareEvents(env, [event]);
  await expect.poll(() => world.at("slow.example.com").length).toBe(1);
  await change(id, { url: "https://after.example.com/" });
  resolve(new Response("", { status: 410 }));
  await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
  expect((await read(id)).status).toBe("active");
});
