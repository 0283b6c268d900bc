import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import * as limits from "../../../src/model/limits.ts";
import { replaySchema } from "../../../src/model/subscription.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { answerOf, ask } from "../../support/api.ts";
import { eventsOf, type Receivers, receivers, refuse } from "../../support/receiver.ts";
import { hourMs, manyEvents, record, replay } from "../../support/replays.ts";
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
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM events").run();
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

describe("a replay", () => {
  it("of what is missing makes the deliveries that a pause left out, and those it canceled", async () => {
    const { id } = await subscribe({ url: "https://missing.example.com/", parallelism: 3 });
    const [before, failing, during] = [freshEvent(), freshEvent({ status: "failed" }), freshEvent()];
    world.answer("missing.example.com", ({ body }) =>
      body.includes('"failed"') ? refuse() : new Response("ok"),
    );
    await record([before, failing, during]);
    await shareEvents(env, [before, failing]);
    await expect.poll(() => stateOf(id, before.id)).toBe("delivered");
    await expect.poll(() => stateOf(id, failing.id)).toBe("retrying");
    await change(id, { status: "inactive" });
    expect(await stateOf(id, failing.id)).toBe("canceled");
    await shareEvents(env, [during]);
    await change(id, { status: "active" });
    world.answer("missing.example.com", () => new Response("ok"));
    const job = await replay(id, "missing");
    expect(job).toMatchObject({ scanned: 3, replayed: 2 });
    for (const event of [failing, during]) {
      await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
      expect(await deliveryOf(id, event.id)).toMatchObject({ replay: job.id });
    }
    const replayed = world.at("missing.example.com").filter(({ headers }) => headers.has("Tickline-Replay"));
    expect(replayed).toHaveLength(2);
    expect(eventsOf(replayed)).toEqual(new Set([failing.id, during.id]));
    expect(
      world.at("missing.example.com").filter(({ headers }) => headers.get("webhook-id") === before.id),
    ).toHaveLength(1);
  });

  it("of what failed tries that again, and nothing else", async () => {
    const { id } = await subscribe({ url: "https://failed.example.com/" });
    const [good, bad] = [freshEvent(), freshEvent({ status: "failed" })];
    world.answer("failed.example.com", ({ body }) =>
      body.includes('"failed"') ? refuse() : new Response("ok"),
    );
    await record([good, bad, freshEvent()]);
    await shareEvents(env, [good, bad]);
    await expect.poll(() => stateOf(id, good.id)).toBe("delivered");
    await expect.poll(() => stateOf(id, bad.id)).toBe("retrying");
    world.answer("failed.example.com", () => new Response("ok"));
    expect(await replay(id, "failed")).toMatchObject({ scanned: 3, replayed: 1 });
    await expect.poll(() => stateOf(id, bad.id)).toBe("delivered");
    expect(world.at("failed.example.com")).toHaveLength(3);
  });

  it("of all sends everything again that the filter lets through, also after the parallelism was changed", async () => {
    const { id } = await subscribe({ url: "https://all.example.com/", filter: { statuses: ["delivered"] } });
    const events = manyEvents(250);
    await record([...events, freshEvent({ status: "read" })]);
    await shareEvents(env, events.slice(0, 100));
    await expect.poll(() => world.at("all.example.com").length).toBe(100);
    await change(id, { parallelism: 4 });
    expect(await replay(id, "all")).toMatchObject({ scanned: 251, replayed: 250 });
    await expect.poll(() => world.at("all.example.com").length).toBe(350);
  });

  it("goes on where it was when its object died", async () => {
    const { id } = await subscribe({ url: "https://resumed.example.com/" });
    const events = manyEvents(150);
    await record(events);
    const since = new Date(Date.now() - hourMs).toISOString();
    await ask("POST", `/v1/subscriptions/${id}/replay`, { body: { since, only: "missing" } });
    await evictDurableObject(objectOf(id));
    await runDurableObjectAlarm(objectOf(id));
    await expect.poll(() => eventsOf(world.at("resumed.example.com")).size).toBe(150);
  });

  it("is refused without a time, with a time that is none, and for a subscription that is not active", async () => {
    const { id } = await subscribe({ url: "https://refused.example.com/", status: "inactive" });
    const path = `/v1/subscriptions/${id}/replay`;
    const problemSchema = z.looseObject({ errors: z.array(z.looseObject({ path: z.string() })) });
    for (const [body, at] of [
      [{ only: "all" }, "since"],
      [{ since: "yesterday", only: "all" }, "since"],
      [{ since: "2026-01-01T00:00:00Z", only: "some" }, "only"],
      [{ since: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z", only: "all" }, "until"],
    ] as const) {
      const problem = await answerOf(await ask("POST", path, { body }), 422, problemSchema);
      expect(problem.errors.map((error) => error.path)).toEqual([at]);
    }
    expect((await ask("POST", path, { body: { since: "2026-01-01T00:00:00Z", only: "all" } })).status).toBe(
      409,
    );
  });
});

it("replays are listed newest first, in pages", async () => {
  const { id } = await subscribe({ url: "https://listed.example.com/" });
  const jobs = [await replay(id, "all"), await replay(id, "all"), await replay(id, "all")];
  const path = `/v1/subscriptions/${id}/replays`;
  const pageSchema = z.object({ data: z.array(replaySchema), nextCursor: z.string().nullable() });
  const first = await answerOf(await ask("GET", `${path}?limit=2`), 200, pageSchema);
  expect(first.data).toEqual([jobs[2], jobs[1]]);
  const rest = await answerOf(
    await ask("GET", `${path}?limit=2&cursor=${first.nextCursor}`),
    200,
    pageSchema,
  );
  expect(rest).toEqual({ data: [jobs[0]], nextCursor: null });
  expect((await ask("GET", `${path}?limit=201`)).status).toBe(422);
});

it("no more than ten replays of a subscription run at once", async () => {
  const { id } = await subscribe({ url: "https://patient.example.com/" });
  const running = { only: "all", scanned: 0, replayed: 0, finishedAt: null, after: null, state: "running" };
  await runInDurableObject(objectOf(id), (_object, { storage }) => {
    for (let job = 0; job < limits.replaysRunningMax; job += 1) {
      const createdAt = new Date().toISOString();
      const saved = { ...running, id: `rpl_${job}`, since: createdAt, until: createdAt, createdAt };
      storage.kv.put(`replay/${saved.id}`, saved);
    }
  });
  const since = new Date(Date.now() - hourMs).toISOString();
  const ask11th = () => ask("POST", `/v1/subscriptions/${id}/replay`, { body: { since, only: "all" } });
  expect((await ask11th()).status).toBe(409);
  await runInDurableObject(objectOf(id), (_object, { storage }) => storage.kv.delete("replay/rpl_0"));
  expect((await ask11th()).status).toBe(202);
});
