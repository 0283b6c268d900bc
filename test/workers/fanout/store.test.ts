/** What was told to the feed and the subscriptions, and is taken back. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { takeBack, tellAll } from "../../../src/fanout/store.ts";
import { ask } from "../../support/api.ts";
import { withBindings } from "../../support/messages.ts";
import { receivers } from "../../support/receiver.ts";
import { freshEvent, removeAll, subscribe } from "../../support/subscriptions.ts";

beforeEach(() => void receivers());
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

async function feedText(): Promise<string> {
  return (await ask("GET", "/v1/events?after=earliest&limit=200")).text();
}

async function deliveriesOf(subscription: string): Promise<unknown[]> {
  const list = await ask("GET", `/v1/subscriptions/${subscription}/deliveries`);
  return (await list.json<{ data: unknown[] }>()).data;
}

const down = () => Promise.reject(new Error("out of reach"));

describe("an event that is taken back", () => {
  test("is in the feed and among the deliveries no more, and may be taken back again", async () => {
    const { id } = await subscribe({ url: "https://back.example.com/" });
    const [erased, kept] = [freshEvent(), freshEvent()];
    await tellAll(env, [erased, kept]);
    await takeBack(env, [erased]);
    await takeBack(env, [erased]);
    expect(await deliveriesOf(id)).toMatchObject([{ event: kept.id }]);
    const feed = await feedText();
    expect(feed).toContain(kept.id);
    expect(feed).not.toContain(erased.id);
  });

  test("leaves the deliveries where the feed is out of reach, and the other way round; both must come again", async () => {
    const { id } = await subscribe({ url: "https://one-down.example.com/" });
    const event = freshEvent();
    await tellAll(env, [event]);
    const FEED = { getByName: () => ({ erase: down }) };
    await expect(takeBack(withBindings({ FEED }), [event])).rejects.toThrow("out of reach");
    expect(await deliveriesOf(id)).toEqual([]);
    const SUBSCRIPTION = { getByName: () => ({ erase: down }) };
    await expect(takeBack(withBindings({ SUBSCRIPTION }), [event])).rejects.toThrow("did not answer");
    expect(await feedText()).not.toContain(event.id);
  });

  test("of nothing, nobody is told", async () => {
    const getByName = vi.fn<() => never>();
    await takeBack(withBindings({ FEED: { getByName }, DB: {} }), []);
    await tellAll(withBindings({ FEED: { getByName }, DB: {} }), []);
    expect(getByName).not.toHaveBeenCalled();
  });
});
