import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { subscriptionSchema, subscriptionStatsSchema } from "../../../src/model/subscription.ts";
import { eraseDeliveries, shareEvents } from "../../../src/subscriptions/store.ts";
import { answerOf, ask } from "../../support/api.ts";
import { eventsOf, type Receivers, receivers, refuse } from "../../support/receiver.ts";
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
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

const problemSchema = z.looseObject({ errors: z.array(z.object({ path: z.string(), message: z.string() })) });
const listSchema = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
});

const deliveryListSchema = listSchema.extend({ data: z.array(z.looseObject({ event: z.string() })) });

async function faultsOf(body: unknown, method = "POST", path = "/v1/subscriptions"): Promise<string[]> {
  const problem = await answerOf(await ask(method, path, { body }), 422, problemSchema);
  return problem.errors.map((error) => error.path);
}

describe("a new subscription", () => {
  it("answers with all of it and, once only, its secret", async () => {
    const made = await subscribe({ url: "https://crm.example.com/hook", name: "crm" });
    expect(made.signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(made).toMatchObject({
      name: "crm",
      url: "https://crm.example.com/hook",
      status: "active",
      disabledReason: null,
      format: "tickline",
      filter: { effects: ["advanced", "contradicted", "noted"] },
      headers: {},
      timeoutSeconds: 15,
      ratePerSecond: null,
      parallelism: 1,
    });
    const read = await (await ask("GET", `/v1/subscriptions/${made.id}`)).text();
    expect(subscriptionSchema.parse(JSON.parse(read)).id).toBe(made.id);
    expect(read).not.toContain("whsec_");
  });

  it("keeps the effects that were asked for, an empty list included", async () => {
    const every = await subscribe({ url: "https://a.example.com/", filter: { effects: [] } });
    expect(every.filter).toEqual({ effects: [] });
    const late = await subscribe({
      url: "https://b.example.com/",
      filter: { effects: ["late"], statuses: ["read"] },
    });
    expect(late.filter).toEqual({ effects: ["late"], statuses: ["read"] });
    const changed = await change(late.id, { filter: { statuses: ["read"] } });
    expect(changed.filter).toEqual({ statuses: ["read"] });
  });

  it("whose filter names a provider of another release is shown, gets nothing and keeps nobody from anything", async () => {
    const strange = await subscribe({ url: "https://strange.example.com/" });
    await env.DB.prepare(
      "UPDATE subscriptions SET settings = json_set(settings, '$.filter', json(?)) WHERE id = ?",
    )
      .bind('{"providers":["newcomer"]}', strange.id)
      .run();
    await subscribe({ url: "https://other.example.com/" });
    await shareEvents(env, [freshEvent()]);
    await expect.poll(() => world.at("other.example.com").length).toBe(1);
    const read = await (await ask("GET", `/v1/subscriptions/${strange.id}`)).text();
    expect(subscriptionSchema.parse(JSON.parse(read)).filter).toEqual({ providers: ["newcomer"] });
    await change(strange.id, { filter: {} });
    const later = freshEvent({ receivedAt: new Date(Date.now() + 1_000).toISOString() });
    await shareEvents(env, [later]);
    await expect.poll(() => stateOf(strange.id, later.id)).toBe("delivered");
    expect(eventsOf(world.at("strange.example.com"))).toEqual(new Set([later.id]));
  });

  it.each([
    ["a format", "$.format", '"morse"'],
    ["an effect", "$.filter", '{"effects":["imagined"]}'],
    ["a list of its filter", "$.filter", '{"colours":["red"]}'],
  ])(
    "that names %s of another release is left out and told of, and keeps nobody from anything",
    async (_, path, json) => {
      const first = await subscribe({ url: "https://first.example.com/" });
      const lines = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const strange = await subscribe({
        url: "https://strange.example.com/",
        ratePerSecond: 0.01,
        parallelism: 2,
      });
      const [sent, waiting] = [freshEvent({ messageId: "a" }), freshEvent({ messageId: "a" })];
      await shareEvents(env, [sent, waiting]);
      await expect.poll(() => world.at("strange.example.com").length).toBe(1);
      await env.DB.prepare("UPDATE subscriptions SET settings = json_set(settings, ?, json(?)) WHERE id = ?")
        .bind(path, json, strange.id)
        .run();
      const made = [
        await subscribe({ url: "https://one.example.com/" }),
        await subscribe({ url: "https://two.example.com/" }),
      ];
      await shareEvents(env, [freshEvent()]);
      await expect.poll(() => world.at("two.example.com").length).toBe(1);
      expect(lines.mock.calls.flat().join()).toContain(
        `"line":"subscription.unreadable","subscription":"${strange.id}"`,
      );
      const page = await answerOf(await ask("GET", "/v1/subscriptions?limit=2"), 200, listSchema);
      const rest = await answerOf(
        await ask("GET", `/v1/subscriptions?limit=2&cursor=${page.nextCursor}`),
        200,
        listSchema,
      );
      const shown = [...rest.data.toReversed(), ...page.data.toReversed()].map(({ id }) => id);
      expect(shown).toEqual([first, ...made].map(({ id }) => id));
      const keys = [sent, waiting].map(({ id, receivedAt }) => ({
        eventId: id,
        receivedAtMs: Date.parse(receivedAt),
      }));
      const waitingIn = (shard: number) => objectOf(strange.id, shard).countWaiting(9);
      expect(await Promise.all([0, 1].map(waitingIn))).toContain(1);
      await eraseDeliveries(env, keys);
      expect(await Promise.all([0, 1].map(waitingIn))).toEqual([0, 0]);
      await env.DB.prepare("DELETE FROM subscriptions WHERE id = ?").bind(strange.id).run();
    },
  );

  it("shows no header's value, neither in its answers nor in the database", async () => {
    const made = await subscribe({ url: "https://a.example.com/", headers: { "X-API-Key": "s3cret-value" } });
    expect(made.headers).toEqual({ "X-API-Key": "…" });
    const { results } = await env.DB.prepare("SELECT * FROM subscriptions").all();
    expect(JSON.stringify(results)).not.toContain("s3cret-value");
    expect(JSON.stringify(results)).not.toContain(made.signingSecret);
  });

  it("is refused with the path of what is wrong", async () => {
    const url = "https://a.example.com/";
    expect(await faultsOf({})).toEqual(["url"]);
    expect(await faultsOf({ url, colour: "red" })).toEqual(["colour"]);
    expect(await faultsOf({ url, filter: { statuses: ["nonsense"] } })).toEqual(["filter.statuses[0]"]);
    expect(await faultsOf({ url, filter: { colour: ["red"] } })).toEqual(["filter.colour"]);
    expect(await faultsOf({ url, format: "xml" })).toEqual(["format"]);
    expect(await faultsOf({ url, status: "disabled" })).toEqual(["status"]);
    expect(await faultsOf({ url, timeoutSeconds: 31 })).toEqual(["timeoutSeconds"]);
    expect(await faultsOf({ url, parallelism: 0 })).toEqual(["parallelism"]);
    expect(await faultsOf({ url, ratePerSecond: 0 })).toEqual(["ratePerSecond"]);
    for (const name of [
      "Host",
      "Content-Type",
      "webhook-id",
      "Tickline-Attempt",
      "Transfer-Encoding",
      "Connection",
    ]) {
      expect(await faultsOf({ url, headers: { [name]: "x" } })).toEqual([`headers.${name}`]);
    }
    expect(await faultsOf({ url, headers: { "X-Bad": "line\r\nbreak" } })).toEqual(["headers.X-Bad"]);
    expect(await faultsOf({ url, headers: { "X-None": "…" } })).toEqual(["headers.X-None"]);
  });

  it("must not point where we do not call", async () => {
    world.resolve("inside.example.com", ["10.0.0.7"]);
    world.resolve("mixed.example.com", ["93.184.216.34", "::1"]);
    for (const url of [
      "http://a.example.com/",
      "ftp://a.example.com/",
      "not a url",
      "https://user:pass@a.example.com/",
      "https://127.0.0.1/",
      "https://2130706433/",
      "https://0x7f.1/",
      "https://[::1]/",
      "https://[::ffff:10.0.0.1]/",
      "https://93.184.216.34/",
      "https://intranet/",
      "https://printer.local/",
      "https://db.internal/",
      "https://a.example.com./",
      "https://inside.example.com/",
      "https://mixed.example.com/",
    ]) {
      expect(await faultsOf({ url }), url).toEqual(["url"]);
    }
    const { id } = await subscribe({ url: "https://fine.example.com/" });
    expect(await faultsOf({ url: "https://10.0.0.1/" }, "PATCH", `/v1/subscriptions/${id}`)).toEqual(["url"]);
  });

  it("must not point at ourselves", async () => {
    const response = await ask("POST", "/v1/subscriptions", {
      body: { url: "https://tickline.example.com/in/x" },
      origin: "https://tickline.example.com",
    });
    expect((await answerOf(response, 422, problemSchema)).errors).toEqual([
      { path: "url", message: "is our own address" },
    ]);
  });

  it("is made although the resolver is out of reach", async () => {
    world.resolve("unknown.example.com", null);
    await subscribe({ url: "https://unknown.example.com/hook" });
  });
});

describe("the lists", () => {
  it("page through the subscriptions, newest first", async () => {
    const made: string[] = [];
    for (const host of ["one", "two", "three"]) {
      made.unshift((await subscribe({ url: `https://${host}.example.com/` })).id);
    }
    const first = await answerOf(await ask("GET", "/v1/subscriptions?limit=2"), 200, listSchema);
    const rest = await answerOf(
      await ask("GET", `/v1/subscriptions?limit=2&cursor=${first.nextCursor}`),
      200,
      listSchema,
    );
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(made);
    expect(rest.nextCursor).toBeNull();
  });

  it("page through the deliveries of all shards, newest first, by state, event and time", async () => {
    const { id } = await subscribe({ url: "https://many.example.com/", parallelism: 4 });
    world.answer("many.example.com", ({ body }) =>
      body.includes('"failed"') ? refuse() : new Response("ok"),
    );
    const good = freshEvents(20).map((event, index) => ({
      ...event,
      receivedAt: new Date(Date.now() - 1_000 * (index + 1)).toISOString(),
    }));
    const bad = freshEvent({ status: "failed" });
    await shareEvents(env, [...good, bad]);
    await expect.poll(() => world.at("many.example.com").length).toBe(21);
    await expect.poll(() => stateOf(id, bad.id)).toBe("retrying");
    const seen: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path = `/v1/subscriptions/${id}/deliveries?limit=8&cursor=${cursor}`;
      const page: z.infer<typeof deliveryListSchema> = await answerOf(
        await ask("GET", path),
        200,
        deliveryListSchema,
      );
      seen.push(...page.data.map(({ event }) => event));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([bad, ...good].map((event) => event.id));
    const listed = async (query: string) => {
      const response = await ask("GET", `/v1/subscriptions/${id}/deliveries?${query}`);
      return (await answerOf(response, 200, deliveryListSchema)).data.map(({ event }) => event);
    };
    expect(await listed("state=retrying")).toEqual([bad.id]);
    expect(await listed(`event=${good[3]?.id}`)).toEqual([good[3]?.id]);
    expect(await listed(`since=${good[1]?.receivedAt}`)).toEqual([bad.id, good[0]?.id, good[1]?.id]);
    expect((await ask("GET", `/v1/subscriptions/${id}/deliveries?state=lost`)).status).toBe(422);
    expect((await ask("GET", `/v1/subscriptions/${id}/deliveries?limit=201`)).status).toBe(422);
    const stats = await answerOf(
      await ask("GET", `/v1/subscriptions/${id}/stats`),
      200,
      subscriptionStatsSchema,
    );
    expect(stats).toMatchObject({ byState: { delivered: 20, retrying: 1 }, attempts: 21, successRate: 1 });
  });
});

describe("the test event", () => {
  it("is marked as one, in every format", async () => {
    for (const format of ["tickline", "nifteem", "callbell", "texter"]) {
      const host = `test-${format}.example.com`;
      const { id } = await subscribe({ url: `https://${host}/`, format });
      const { event } = await answerOf(
        await ask("POST", `/v1/subscriptions/${id}/test`),
        202,
        z.looseObject({ event: z.string() }),
      );
      await expect.poll(() => world.at(host).length).toBe(1);
      expect(world.at(host)[0]?.headers.get("Tickline-Test")).toBe("true");
      await expect.poll(() => stateOf(id, event)).toBe("delivered");
    }
    expect(JSON.parse(world.at("test-tickline.example.com")[0]?.body ?? "")).toMatchObject({ test: true });
  });
});

describe("a retry by hand", () => {
  it("tries a failing delivery now, and begins an ended one again", async () => {
    const { id } = await subscribe({ url: "https://hand.example.com/" });
    world.answer("hand.example.com", refuse);
    const event = freshEvent();
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    world.answer("hand.example.com", () => new Response("ok"));
    const path = `/v1/subscriptions/${id}/deliveries/${event.id}/retry`;
    expect((await ask("POST", path)).status).toBe(202);
    await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
    expect((await ask("POST", path)).status).toBe(202);
    await expect.poll(async () => (await deliveryOf(id, event.id)).attemptsTotal).toBe(3);
    expect((await ask("POST", `/v1/subscriptions/${id}/deliveries/evt_none/retry`)).status).toBe(404);
  });
});
