/** What comes out of a replay: the events as their messages' objects hold them, and of no message that has gone. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import { jsonSchema } from "../../../src/model/json.ts";
import * as limits from "../../../src/model/limits.ts";
import { messageObjectName } from "../../../src/model/record.ts";
import * as replays from "../../../src/subscriptions/replays/store.ts";
import type { ReplayScope } from "../../../src/model/subscriptionWords.ts";
import { loadSubscription } from "../../../src/subscriptions/settings/store.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { ask } from "../../support/api.ts";
import { freshMessageId, recordUpdates, withBindings } from "../../support/messages.ts";
import { type Receivers, receivers, refuse } from "../../support/receiver.ts";
import { hourMs, record, replay } from "../../support/replays.ts";
import {
  change,
  deliveryOf,
  freshEvent,
  objectOf,
  removeAll,
  stateOf,
  subscribe,
} from "../../support/subscriptions.ts";
import { anUpdate, aReason, at } from "../../support/updates.ts";

let world: Receivers;
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM events").run();
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

function bodiesAt(host: string): string[] {
  return world.at(host).map(({ body }) => body);
}

/** One page of a replay, run by the test, so that it may come between. */
async function page(
  subscription: string,
  bindings: Env,
  only: ReplayScope = "missing",
): Promise<replays.ReplayJob> {
  const found = await loadSubscription(env, subscription);
  if (found === null) throw new Error("just made");
  const [since, until] = [Date.now() - hourMs, Date.now() + hourMs];
  return replays.runPage(bindings, found, replays.newJob({ since, until, only }, Date.now()));
}

type Recall = (ids: readonly string[], name: string) => Promise<Event[]>;

function withRecall(recall: Recall): Env {
  const getByName = (name: string) => ({ recall: (ids: readonly string[]) => recall(ids, name) });
  return withBindings({ MESSAGE: { getByName } });
}

const reallyRecall: Recall = async (ids, name) => env.MESSAGE.getByName(name).recall(ids);

describe("what a replay delivers", () => {
  it("is to the byte what was delivered live, with the provider's item untouched or told to be too large", async () => {
    const live = await subscribe({ url: "https://live.example.com/", filter: { effects: [] } });
    const late = await subscribe({ url: "https://late.example.com/", filter: { effects: [] } });
    await change(late.id, { status: "inactive" });
    const id = freshMessageId();
    const raw = jsonSchema.parse(JSON.parse('{"z":1,"a":[-0.5,"é\\u2028",{"__proto__":null}],"10":1e21}'));
    await recordUpdates(id, [
      anUpdate({ status: "sent", raw, metadata: { tenant: 42 }, recipient: "+39", aliases: ["A"] }),
      anUpdate({ status: "read", raw: null, rawTruncated: true, ...at("2026-11-21T10:01:00Z") }),
      anUpdate({ status: "failed", reason: aReason(), ...at("2026-11-21T10:02:00Z") }),
    ]);
    await expect.poll(() => world.at("live.example.com").length).toBe(3);
    await change(late.id, { status: "active" });
    expect(await replay(late.id, "missing")).toMatchObject({ scanned: 3, replayed: 3 });
    await expect.poll(() => world.at("late.example.com").length).toBe(3);
    const bodies = bodiesAt("late.example.com");
    expect(new Set(bodies)).toEqual(new Set(bodiesAt("live.example.com")));
    expect(bodies.filter((body) => body.includes(`"raw":${JSON.stringify(raw)}`))).toHaveLength(1);
    expect(bodies.filter((body) => body.includes('"raw":null,"rawTruncated":true'))).toHaveLength(1);
    await change(live.id, { status: "inactive" });
  });

  it("of what failed is nothing that was delivered while the replay looked at it", async () => {
    const { id } = await subscribe({ url: "https://meanwhile.example.com/" });
    world.answer("meanwhile.example.com", refuse);
    const event = freshEvent();
    await record([event]);
    await shareEvents(env, [event]);
    await expect.poll(() => stateOf(id, event.id)).toBe("retrying");
    world.answer("meanwhile.example.com", () => new Response("ok"));
    const bindings = withRecall(async (ids, name) => {
      await objectOf(id).retry(event.id, null);
      await expect.poll(() => stateOf(id, event.id)).toBe("delivered");
      return reallyRecall(ids, name);
    });
    await page(id, bindings, "failed");
    expect(await deliveryOf(id, event.id)).toMatchObject({ state: "delivered", replay: null });
    expect(bodiesAt("meanwhile.example.com")).toHaveLength(2);
  });

  it("is in another provider's words the body that this provider sent", async () => {
    const { id } = await subscribe({ url: "https://words.example.com/", format: "callbell" });
    const raw = {
      event: "message_status_updated",
      payload: { uuid: "U1", status: "delivered", contact: { name: "Ada" } },
    };
    await record([freshEvent({ provider: "callbell", raw })]);
    await replay(id, "missing");
    await expect.poll(() => bodiesAt("words.example.com")).toEqual([JSON.stringify(raw)]);
  });

  it("does not include an event whose message has gone, nor one of an earlier life of the same id", async () => {
    const { id } = await subscribe({ url: "https://gone.example.com/" });
    const [gone, kept] = [freshEvent(), freshEvent()];
    const earlier = { ...kept, receivedAt: new Date(Date.parse(kept.receivedAt) - 60_000).toISOString() };
    await record([gone, earlier]);
    await record([kept]);
    await env.MESSAGE.getByName(messageObjectName(gone.source, gone.messageId)).expire("9999");
    expect(await replay(id, "missing")).toMatchObject({ scanned: 3, replayed: 1 });
    await expect.poll(() => stateOf(id, kept.id)).toBe("delivered");
    expect(bodiesAt("gone.example.com")).toEqual([JSON.stringify(kept)]);
  });

  it("is nothing of a message that is erased between its reading and its delivery", async () => {
    const { id } = await subscribe({ url: "https://erased.example.com/" });
    world.answer("erased.example.com", refuse);
    const [erased, kept] = [freshEvent(), freshEvent()];
    await record([erased, kept]);
    const job = await page(
      id,
      withRecall(async (ids, name) => {
        const events = await reallyRecall(ids, name);
        if (name === messageObjectName(erased.source, erased.messageId)) {
          expect((await ask("DELETE", `/v1/messages/${erased.source}/${erased.messageId}`)).status).toBe(204);
        }
        return events;
      }),
    );
    expect(job).toMatchObject({ state: "done", scanned: 2 });
    expect((await ask("GET", `/v1/subscriptions/${id}/deliveries/${erased.id}`)).status).toBe(404);
    expect((await ask("GET", `/v1/subscriptions/${id}/deliveries/${kept.id}`)).status).toBe(200);
  });

  it("costs one call for each message that its row does not rule out, and never many at once", async () => {
    const filter = { statuses: ["delivered"], sources: ["acme-nifteem"] };
    const { id } = await subscribe({ url: "https://few.example.com/", filter });
    const events = Array.from({ length: 80 }, (_, index) => freshEvent({ messageId: `few-${index % 40}` }));
    await record([...events, freshEvent({ status: "read" }), freshEvent({ source: "another" })]);
    const asked: string[] = [];
    let [running, most] = [0, 0];
    const job = await page(
      id,
      withRecall(async (ids, name) => {
        asked.push(name);
        running += 1;
        most = Math.max(most, running);
        const recalled = await reallyRecall(ids, name);
        running -= 1;
        return recalled;
      }),
    );
    expect(job).toMatchObject({ scanned: 82, replayed: 80 });
    expect(new Set(asked).size).toBe(40);
    expect(asked).toHaveLength(40);
    expect(most).toBe(limits.parallelCallsMax);
  });

  it("waits for a message that cannot be asked: a second try where that may help, else the page comes again", async () => {
    const { id } = await subscribe({ url: "https://waits.example.com/" });
    await record([freshEvent()]);
    for (const [retryable, calls] of [
      [true, 2],
      [false, 1],
    ] as const) {
      let tries = 0;
      const refusing = withRecall(async () => {
        tries += 1;
        throw Object.assign(new Error("no answer"), { retryable });
      });
      await expect(page(id, refusing)).rejects.toThrow("no answer");
      expect(tries).toBe(calls);
    }
    expect(await page(id, env)).toMatchObject({ scanned: 1, replayed: 1 });
  });
});
