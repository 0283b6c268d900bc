import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { ask } from "../../support/api.ts";
import { eventsOf, hang, type Received, type Receivers, receivers } from "../../support/receiver.ts";
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
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Moves the clock to the next attempt and lets the alarm ring. */
async function ring(subscription: string, laterMs: number): Promise<void> {
  vi.setSystemTime(Date.now() + laterMs);
  await runDurableObjectAlarm(objectOf(subscription));
}

/** As if its process had died: whatever it was doing ends here. */
async function kill(subscription: string): Promise<void> {
  await expect(
    runInDurableObject(objectOf(subscription), (_object, state) => state.abort("killed by a test")),
  ).rejects.toThrow("killed by a test");
}

describe("a delivery", () => {
  it("is signed so that standardwebhooks and svix accept it, and names the event", async () => {
    const { id, signingSecret } = await subscribe({
      url: "https://signed.example.com/hook",
      headers: { "X-API-Key": "k" },
    });
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => world.at("signed.example.com").length).toBe(1);
    const { headers, body = "" } = world.at("signed.example.com")[0] ?? {};
    const given = Object.fromEntries(headers ?? []);
    expect(new Webhook(signingSecret).verify(body, given)).toEqual(event);
    expect(new SvixWebhook(signingSecret).verify(body, given)).toEqual(event);
    expect(given).toMatchObject({
      "webhook-id": event.id,
      "user-agent": expect.stringMatching(/^Tickline\/\d/),
      "tickline-attempt": "1",
      "content-type": "application/json",
      "x-api-key": "k",
    });
    expect(given).not.toHaveProperty("tickline-replay");
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    expect((await deliveryOf(id, event.id)).attempts).toMatchObject([
      { statusCode: 200, error: null, responseBody: "ok" },
    ]);
  });

  it("is made once of a share that comes twice at once", async () => {
    const { id } = await subscribe({ url: "https://once.example.com/" });
    const events = freshEvents(10);
    await Promise.all([shareEvents(env, events), shareEvents(env, events)]);
    await shareEvents(env, events);
    for (const event of events) await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    await shareEvents(env, events);
    expect(world.at("once.example.com")).toHaveLength(10);
    expect(eventsOf(world.at("once.example.com"))).toEqual(new Set(events.map((event) => event.id)));
  });

  it("is tried again on the schedule, with the same id and a counted attempt, until it succeeds", async () => {
    const { id } = await subscribe({ url: "https://later.example.com/" });
    world.answer("later.example.com", () => new Response("no", { status: 500 }));
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    const { nextAttemptAt } = await deliveryOf(id, event.id);
    const waitMs = Date.parse(nextAttemptAt ?? "") - Date.now();
    expect(waitMs).toBeGreaterThanOrEqual(4_500);
    expect(waitMs).toBeLessThanOrEqual(5_500);
    world.answer("later.example.com", () => new Response("", { status: 204 }));
    await ring(id, waitMs);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    expect((await deliveryOf(id, event.id)).attempts.map(({ statusCode }) => statusCode)).toEqual([500, 204]);
    expect(world.at("later.example.com").map(({ headers }) => headers.get("webhook-id"))).toEqual([
      event.id,
      event.id,
    ]);
    expect(world.at("later.example.com").map(({ headers }) => headers.get("tickline-attempt"))).toEqual([
      "1",
      "2",
    ]);
  });

  it("is tried for two days, its last attempt before the deadline, and is then exhausted and kept", async () => {
    const { id } = await subscribe({ url: "https://dead.example.com/" });
    world.answer("dead.example.com", () => new Response("", { status: 503 }));
    const event = freshEvent();
    await shareEvents(env, [event]);
    for (let attempts = 1; attempts < 9; attempts += 1) {
      await expect.poll(async () => (await deliveryOf(id, event.id)).attemptsTotal).toBe(attempts);
      const { nextAttemptAt, deadlineAt } = await deliveryOf(id, event.id);
      expect(Date.parse(nextAttemptAt ?? "")).toBeLessThan(Date.parse(deadlineAt));
      await ring(id, Date.parse(nextAttemptAt ?? "") - Date.now());
    }
    await expect.poll(() => stateOf(id, event.id)).toBe("exhausted");
    const delivery = await deliveryOf(id, event.id);
    expect(delivery.attempts).toHaveLength(9);
    expect(delivery.nextAttemptAt).toBeNull();
    expect((await ask("GET", `/v1/subscriptions/${id}`)).status).toBe(200);
  });

  it("waits as long as Retry-After asks", async () => {
    const { id } = await subscribe({ url: "https://busy.example.com/" });
    world.answer(
      "busy.example.com",
      () => new Response("", { status: 429, headers: { "Retry-After": "120" } }),
    );
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    const waitMs = Date.parse((await deliveryOf(id, event.id)).nextAttemptAt ?? "") - Date.now();
    expect(waitMs).toBeGreaterThan(119_000);
    expect(waitMs).toBeLessThanOrEqual(120_000);
  });

  it("never follows a redirect", async () => {
    const { id } = await subscribe({ url: "https://moved.example.com/" });
    world.answer("moved.example.com", () => Response.redirect("https://elsewhere.example.com/", 302));
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    expect((await deliveryOf(id, event.id)).attempts).toMatchObject([{ statusCode: 302 }]);
    expect(world.at("elsewhere.example.com")).toEqual([]);
  });

  it("times out an endpoint that hangs, and says so", async () => {
    const { id } = await subscribe({ url: "https://hangs.example.com/", timeoutSeconds: 1 });
    world.answer("hangs.example.com", hang);
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    expect((await deliveryOf(id, event.id)).attempts).toMatchObject([
      { statusCode: null, error: "no answer within 1 s", responseBody: null },
    ]);
  });

  it("survives the death of its object during an attempt: the attempt is made again", async () => {
    const { id } = await subscribe({ url: "https://crash.example.com/" });
    world.answer("crash.example.com", hang);
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => world.at("crash.example.com").length).toBe(1);
    await kill(id);
    world.answer("crash.example.com", () => new Response("ok"));
    await ring(id, 31_000);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    expect(world.at("crash.example.com")).toHaveLength(2);
  });

  it("survives the death of its object while it waits for a retry", async () => {
    const { id } = await subscribe({ url: "https://restart.example.com/" });
    world.answer("restart.example.com", () => new Response("", { status: 500 }));
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    await evictDurableObject(objectOf(id));
    world.answer("restart.example.com", () => new Response("ok"));
    await ring(id, 6_000);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
  });

  it("of an endpoint that is gone disables the subscription, cancels what is pending, and is announced", async () => {
    await subscribe({
      url: "https://watcher.example.com/",
      filter: { types: ["subscription.disabled"] },
    });
    const { id } = await subscribe({ url: "https://gone.example.com/" });
    world.answer("gone.example.com", () => new Response("", { status: 410 }));
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect
      .poll(async () => await (await ask("GET", `/v1/subscriptions/${id}`)).text())
      .toContain("disabled");
    expect(await (await ask("GET", `/v1/subscriptions/${id}`)).json()).toMatchObject({
      status: "disabled",
      disabledReason: expect.stringContaining("410"),
    });
    expect(await stateOf(id, event.id)).toBe("canceled");
    await expect.poll(() => world.at("watcher.example.com").length).toBe(1);
    expect(JSON.parse(world.at("watcher.example.com")[0]?.body ?? "")).toMatchObject({
      type: "subscription.disabled",
      subscription: id,
    });
    await shareEvents(env, [freshEvent()]);
    world.answer("gone.example.com", () => new Response("ok"));
    await change(id, { status: "active" });
    const later = freshEvent({ receivedAt: new Date(Date.now() + 1_000).toISOString() });
    await shareEvents(env, [later]);
    await expect.poll(() => stateOf(id, later.id)).toBe("delivered");
    expect(eventsOf(world.at("gone.example.com"))).toEqual(new Set([event.id, later.id]));
  });
});

async function withOneRetrying(url: string) {
  const host = new URL(url).hostname;
  const subscription = await subscribe({ url });
  world.answer(host, () => new Response("", { status: 500 }));
  const event = freshEvent();
  await shareEvents(env, [event]);
  await expect.poll(() => stateOf(subscription.id, event.id)).toBe("retrying");
  return { ...subscription, event };
}

/** Throws unless the signature of the request is good. */
function verify(secret: string, request: Received | undefined): unknown {
  return new Webhook(secret).verify(request?.body ?? "", Object.fromEntries(request?.headers ?? []));
}

describe("a change while retries are pending", () => {
  it("of the URL and the headers counts from the next attempt on", async () => {
    const { id, event } = await withOneRetrying("https://old.example.com/");
    await change(id, { url: "https://new.example.com/", headers: { Authorization: "Bearer new" } });
    await ring(id, 6_000);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    expect(world.at("new.example.com")[0]?.headers.get("Authorization")).toBe("Bearer new");
    expect(world.at("old.example.com")).toHaveLength(1);
  });

  it("of the secret signs with both while they overlap, with the new one afterwards", async () => {
    const { id, event, signingSecret } = await withOneRetrying("https://rotated.example.com/");
    const rotated = await ask("POST", `/v1/subscriptions/${id}/rotate`, { body: { overlapSeconds: 3_600 } });
    expect(rotated.status).toBe(200);
    const { signingSecret: next } = await rotated.json<{ signingSecret: string }>();
    expect(next).not.toBe(signingSecret);
    await ring(id, 6_000);
    await expect.poll(() => world.at("rotated.example.com").length).toBe(2);
    expect(() => verify(signingSecret, world.at("rotated.example.com")[1])).not.toThrow();
    expect(() => verify(next, world.at("rotated.example.com")[1])).not.toThrow();
    await expect.poll(async () => (await deliveryOf(id, event.id)).attemptsTotal).toBe(2);
    await ring(id, 3_601_000);
    await expect.poll(() => world.at("rotated.example.com").length).toBe(3);
    expect(() => verify(signingSecret, world.at("rotated.example.com")[2])).toThrow(
      "No matching signature found",
    );
    expect(() => verify(next, world.at("rotated.example.com")[2])).not.toThrow();
  });

  it("to inactive cancels them at once, and a replay of what is missing makes them", async () => {
    const { id, event } = await withOneRetrying("https://paused.example.com/");
    await change(id, { status: "inactive" });
    expect(await stateOf(id, event.id)).toBe("canceled");
    await shareEvents(env, [freshEvent()]);
    await ring(id, 60_000);
    expect(world.at("paused.example.com")).toHaveLength(1);
  });

  it("to inactive counts for a retry by hand that was under way, too", async () => {
    const { id, event } = await withOneRetrying("https://raced.example.com/");
    await change(id, { status: "inactive" });
    await objectOf(id).retry(event.id, null);
    await expect.poll(() => stateOf(id, event.id)).toBe("canceled");
    expect(world.at("raced.example.com")).toHaveLength(1);
  });

  it("by deletion ends them, and nothing of them stays", async () => {
    const { id } = await withOneRetrying("https://deleted.example.com/");
    expect((await ask("DELETE", `/v1/subscriptions/${id}`)).status).toBe(204);
    expect(await runDurableObjectAlarm(objectOf(id))).toBe(false);
    expect(await objectOf(id).countWaiting(1)).toBe(0);
    expect((await ask("GET", `/v1/subscriptions/${id}`)).status).toBe(404);
    expect(world.at("deleted.example.com")).toHaveLength(1);
  });
});
