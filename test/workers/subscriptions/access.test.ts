import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { findPrincipal } from "../../../src/keys/store.ts";
import type { Principal } from "../../../src/model/access.ts";
import { identify } from "../../../src/model/identity.ts";
import { messageObjectName } from "../../../src/model/record.ts";
import { subscriptionStatsSchema } from "../../../src/model/subscription.ts";
import {
  changeSubscription,
  createSubscription,
  rotateSecret,
} from "../../../src/subscriptions/management/store.ts";
import { createSchema } from "../../../src/subscriptions/request.ts";
import { eraseDeliveries, shareEvents } from "../../../src/subscriptions/store.ts";
import { answerOf, ask, askInTwo, newKey } from "../../support/api.ts";
import { eventsOf, type Receivers, receivers, refuse } from "../../support/receiver.ts";
import { freshEvent, objectOf, removeAll, stateOf, subscribe } from "../../support/subscriptions.ts";
import { anUpdate } from "../../support/updates.ts";

let world: Receivers;
beforeEach(() => {
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

const scopes = ["subscriptions:write", "keys:write"] as const;
const madeSchema = z.looseObject({ id: z.string() });
const listSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });
const deliveriesSchema = z.looseObject({
  data: z.array(z.looseObject({ event: z.string(), subscription: z.string() })),
});

async function subscribeWith(key: string, url: string): Promise<string> {
  return (await answerOf(await ask("POST", "/v1/subscriptions", { body: { url }, key }), 201, madeSchema)).id;
}

async function listed(key?: string): Promise<string[]> {
  const response = await ask("GET", "/v1/subscriptions", key === undefined ? {} : { key });
  return (await answerOf(response, 200, listSchema)).data.map(({ id }) => id);
}

async function letIn(key: string): Promise<Principal> {
  const principal = await findPrincipal(env, key, { fresh: true });
  if (principal === null) throw new Error("the key does not hold");
  return principal;
}

describe("a key that is bound to sources", () => {
  it("makes subscriptions that hear of these sources only, and narrower ones if it is bound more narrowly later", async () => {
    const { key, id: keyId } = await newKey(scopes, ["source-a", "source-b"]);
    await subscribeWith(key, "https://bound.example.com/");
    const [a, b, c] = ["source-a", "source-b", "source-c"].map((source) => freshEvent({ source }));
    if (!a || !b || !c) throw new Error("unreachable");
    await shareEvents(env, [a, b, c]);
    await expect.poll(() => eventsOf(world.at("bound.example.com"))).toEqual(new Set([a.id, b.id]));
    expect((await ask("PATCH", `/v1/keys/${keyId}`, { body: { sources: ["source-a"] } })).status).toBe(200);
    await shareEvents(env, [freshEvent({ source: "source-b" }), c]);
    const last = freshEvent({ source: "source-a" });
    await shareEvents(env, [last]);
    await expect.poll(() => eventsOf(world.at("bound.example.com"))).toEqual(new Set([a.id, b.id, last.id]));
  });

  it("knows only of subscriptions that can tell nothing else", async () => {
    const { key } = await newKey(scopes, ["source-a"]);
    const { key: wider } = await newKey(scopes, ["source-a", "source-b"]);
    const { id: everything } = await subscribe({ url: "https://everything.example.com/" });
    const others = await subscribeWith(wider, "https://wider.example.com/");
    const own = await subscribeWith(key, "https://own.example.com/");
    expect(await listed(key)).toEqual([own]);
    expect(await listed(wider)).toEqual([own, others]);
    expect(await listed()).toEqual([own, others, everything]);
    for (const hidden of [everything, others]) {
      for (const [method, path] of [
        ["GET", ""],
        ["DELETE", ""],
        ["GET", "/stats"],
        ["GET", "/deliveries"],
        ["POST", "/test"],
        ["POST", "/rotate"],
        ["GET", "/replays"],
      ] as const) {
        expect((await ask(method, `/v1/subscriptions/${hidden}${path}`, { key })).status).toBe(404);
      }
    }
  });
});

it("what a key may not see any more is neither attempted, nor listed, nor counted, nor tried again", async () => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
  const { key, id: keyId } = await newKey(scopes, ["source-a", "source-b"]);
  const id = await subscribeWith(key, "https://narrowed.example.com/");
  world.answer("narrowed.example.com", refuse);
  const [kept, lost] = [freshEvent({ source: "source-a" }), freshEvent({ source: "source-b" })];
  await shareEvents(env, [kept, lost]);
  for (const event of [kept, lost]) await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
  await ask("PATCH", `/v1/keys/${keyId}`, { body: { sources: ["source-a"] } });
  const path = `/v1/subscriptions/${id}/deliveries`;
  const { data } = await answerOf(await ask("GET", path, { key }), 200, deliveriesSchema);
  expect(data.map(({ event }) => event)).toEqual([kept.id]);
  const stats = await answerOf(
    await ask("GET", `/v1/subscriptions/${id}/stats`, { key }),
    200,
    subscriptionStatsSchema,
  );
  expect(stats).toMatchObject({ byState: { retrying: 1 }, attempts: 1 });
  expect((await ask("GET", `${path}/${lost.id}`, { key })).status).toBe(404);
  expect((await ask("POST", `${path}/${lost.id}/retry`, { key })).status).toBe(404);
  expect((await ask("POST", `${path}/${kept.id}/retry`, { key })).status).toBe(202);
  const before = world.at("narrowed.example.com").length;
  await shareEvents(env, [freshEvent({ source: "source-a" })]);
  await objectOf(id).retry(lost.id, null);
  const unbound = { state: null, eventId: lost.id, sinceMs: null, sources: null, after: null, limit: 1 };
  await expect.poll(async () => (await objectOf(id).list(unbound))[0]?.state).toBe("canceled");
  const sentAgain = world.at("narrowed.example.com").slice(before);
  expect(eventsOf(sentAgain).has(lost.id)).toBe(false);
  expect((await ask("POST", `/v1/subscriptions/${id}/test`, { key })).status).toBe(202);
});

it("a deleted key leaves what it was narrowed to", async () => {
  const { key, id: keyId } = await newKey(scopes, ["source-a", "source-b"]);
  const { key: other } = await newKey(scopes, ["source-a"]);
  const id = await subscribeWith(key, "https://orphan.example.com/");
  await ask("PATCH", `/v1/keys/${keyId}`, { body: { sources: ["source-a"] } });
  expect((await ask("DELETE", `/v1/keys/${keyId}`)).status).toBe(204);
  expect(await listed(other)).toEqual([id]);
});

describe("a key that another isolate still remembers", () => {
  const body = { url: "https://window.example.com/" };

  it("does nothing to a subscription any more once its secret is gone", async () => {
    const { key, id: keyId } = await newKey(scopes);
    const id = await subscribeWith(key, body.url);
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    await env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?").bind(keyId).run();
    const own = `/v1/subscriptions/${id}`;
    for (const [method, path, asked] of [
      ["POST", "/v1/subscriptions", { body }],
      ["PATCH", own, { body: { url: "https://elsewhere.example.com/" } }],
      ["POST", `${own}/rotate`, {}],
      ["POST", `${own}/test`, {}],
      ["POST", `${own}/replay`, { body: { since: event.receivedAt, only: "all" } }],
      ["POST", `${own}/deliveries/${event.id}/retry`, {}],
      ["DELETE", own, {}],
    ] as const) {
      const { status } = await ask(method, path, { key, ...asked });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
    expect(await listed()).toEqual([id]);
    expect(await (await ask("GET", own)).json()).toMatchObject({ url: body.url });
    const replays = await answerOf(await ask("GET", `${own}/replays`), 200, listSchema);
    expect(replays.data).toEqual([]);
    const last = freshEvent({ receivedAt: new Date(Date.now() + 1_000).toISOString() });
    await shareEvents(env, [last]);
    await expect.poll(() => stateOf(id, last.id)).toBe("delivered");
    const sent = world.at("window.example.com").map(({ headers }) => headers.get("webhook-id"));
    expect(sent).toEqual([event.id, last.id]);
  });
});

describe("a key that was let in by a request's headers, and changes before it writes", () => {
  const url = "https://window.example.com/";
  const request = createSchema.parse({ url });

  it.for([
    ["its secret is deleted", "DELETE FROM key_secrets WHERE key_id = ?", "unauthenticated"],
    [
      "its secret is replaced",
      "UPDATE key_secrets SET hash = hex(randomblob(32)) WHERE key_id = ?",
      "unauthenticated",
    ],
    [
      "its secret's overlap is over",
      "UPDATE key_secrets SET holds_until = '2020-01-01T00:00:00.000Z' WHERE key_id = ?",
      "unauthenticated",
    ],
    [
      "it has expired",
      "UPDATE keys SET expires_at = '2020-01-01T00:00:00.000Z' WHERE id = ?",
      "unauthenticated",
    ],
    ["it lacks the scope", `UPDATE keys SET scopes = '["subscriptions:read"]' WHERE id = ?`, "forbidden"],
  ] as const)("neither makes nor changes a subscription once %s", async ([, change, refusal]) => {
    const { key, id: keyId } = await newKey(scopes);
    const id = await subscribeWith(key, url);
    const read = async (): Promise<unknown> => (await ask("GET", `/v1/subscriptions/${id}`)).json();
    const before = await read();
    const author = await letIn(key);
    await env.DB.prepare(change).bind(keyId).run();
    const outcomes = [
      await createSubscription(env, author, request, null),
      await changeSubscription(env, author, id, { name: "changed" }),
      await rotateSecret(env, author, id, 60),
    ];
    expect(outcomes).toMatchObject(outcomes.map(() => ({ ok: false, failure: { kind: refusal } })));
    expect(await listed()).toEqual([id]);
    expect(await read()).toEqual(before);
  });

  it("makes one that is bound as narrowly as it is by now, and stays so when the key goes", async () => {
    const { key, id: keyId } = await newKey(scopes, ["source-a", "source-b"]);
    const { key: other } = await newKey(scopes, ["source-a"]);
    const author = await letIn(key);
    await env.DB.prepare(`UPDATE keys SET sources = '["source-a"]' WHERE id = ?`).bind(keyId).run();
    expect(await createSubscription(env, author, request, null)).toMatchObject({ ok: true });
    const [id] = await listed(other);
    expect(id).toBeDefined();
    await env.DB.prepare("DELETE FROM keys WHERE id = ?").bind(keyId).run();
    expect(await listed(other)).toEqual([id]);
  });

  it("is refused when its body comes", async () => {
    const made = await newKey(scopes);
    const sendBody = await askInTwo("POST", "/v1/subscriptions", made);
    await env.DB.prepare("DELETE FROM key_secrets WHERE key_id = ?").bind(made.id).run();
    expect((await sendBody({ url })).status).toBe(401);
    expect(await listed()).toEqual([]);
  });
});

it("a subscription whose maker is bound elsewhere now is nobody's but the unbound keys'", async () => {
  const { key: maker, id: makerId } = await newKey(scopes, ["source-a"]);
  const { key: other } = await newKey(scopes, ["source-c"]);
  const id = await subscribeWith(maker, "https://moved.example.com/");
  await ask("PATCH", `/v1/keys/${makerId}`, { body: { sources: ["source-b"] } });
  expect(await listed(other)).toEqual([]);
  expect((await ask("GET", `/v1/subscriptions/${id}`, { key: other })).status).toBe(404);
  expect(await listed()).toEqual([id]);
});

describe("a message's deliveries", () => {
  it("are listed over all subscriptions, and go with its erasure", async () => {
    const first = await subscribe({ url: "https://first.example.com/", filter: { effects: [] } });
    const second = await subscribe({
      url: "https://second.example.com/",
      filter: { effects: [] },
      parallelism: 3,
    });
    const update = anUpdate({ messageId: "told/twice" });
    const eventId = await identify("source-a", update);
    const object = env.MESSAGE.getByName(messageObjectName("source-a", update.messageId));
    await object.record({
      source: "source-a",
      provider: "nifteem",
      messageId: update.messageId,
      updates: [{ ...update, eventId }],
    });
    const message = await object.read();
    const [event] = message?.history ?? [];
    if (event === undefined) throw new Error("the message has no event");
    await shareEvents(env, [event]);
    for (const { id } of [first, second]) await expect.poll(() => stateOf(id, eventId)).toBe("delivered");
    const path = "/v1/messages/source-a/told%2Ftwice/deliveries";
    const { data } = await answerOf(await ask("GET", path), 200, deliveriesSchema);
    expect(data.map(({ subscription }) => subscription).toSorted()).toEqual([first.id, second.id].toSorted());
    expect(data.every((delivery) => delivery.event === eventId)).toBe(true);
    const { key } = await newKey(scopes, ["source-b"]);
    expect((await ask("GET", path, { key })).status).toBe(404);
    expect((await ask("GET", "/v1/messages/source-a/unknown/deliveries")).status).toBe(404);
    await eraseDeliveries(env, [{ eventId, receivedAtMs: Date.parse(event.receivedAt) }]);
    expect((await answerOf(await ask("GET", path), 200, deliveriesSchema)).data).toEqual([]);
  });
});

describe("reading", () => {
  it("creates nothing in an object that holds nothing", async () => {
    const { id } = await subscribe({ url: "https://quiet.example.com/" });
    for (const path of ["/stats", "/deliveries", "/deliveries/evt_x", "/replays"]) {
      await ask("GET", `/v1/subscriptions/${id}${path}`);
    }
    const tables = await runInObject(id);
    expect(tables).toEqual([]);
  });
});

async function runInObject(id: string): Promise<unknown[]> {
  return runInDurableObject(objectOf(id), (_object, state) =>
    state.storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray(),
  );
}
