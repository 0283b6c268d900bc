/** An erasure that comes in the very moment in which the queue's consumer is at the same message. */
import { createMessageBatch } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eraseMessages } from "../../../src/erasure/store.ts";
import { fanOut } from "../../../src/fanout/consumer.ts";
import { eraseNames, eraseRows } from "../../../src/history/erasure/store.ts";
import { appendHistory } from "../../../src/history/store.ts";
import { summarize } from "../../../src/message/ledger.ts";
import type { FanOutItem } from "../../../src/model/fanout.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import { eraseDeliveries } from "../../../src/subscriptions/store.ts";
import { ask } from "../../support/api.ts";
import {
  freshMessageId,
  messageStub,
  recordUpdates,
  withBindings,
  withQueue,
} from "../../support/messages.ts";
import { receivers } from "../../support/receiver.ts";
import { removeAll, subscribe } from "../../support/subscriptions.ts";
import { anUpdate, at, source } from "../../support/updates.ts";

beforeEach(() => void receivers());
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

const before = "+39-before";
const update = anUpdate({ recipient: "+39-after", group: "G", aliases: ["wamid.1"] });

/** Recorded, and not fanned out: the test holds the queue. */
async function recorded(id: string): Promise<FanOutItem> {
  await messageStub(id).read();
  await withQueue(messageStub(id), async () => ({
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
  }));
  await recordUpdates(id, [update]);
  const message = await messageStub(id).read();
  const [event] = message?.history ?? [];
  if (message === null || event === undefined) throw new Error("just recorded");
  return { event, summary: summarize(message), repeats: 0 };
}

async function deliver(item: FanOutItem, bindings: Env): Promise<void> {
  await fanOut(
    createMessageBatch("tickline-events", [{ id: "0", timestamp: new Date(), attempts: 2, body: item }]),
    bindings,
  );
}

function traceOf({ event, summary }: FanOutItem) {
  const { source: of, messageId, firstReceivedAt: born, version, aliases } = summary;
  return { source: of, messageId, born, version, aliases, events: [event] };
}

/** What an erasure does before it asks the message's object, in its order. */
async function eraseCopies(item: FanOutItem): Promise<void> {
  await eraseRows(env.DB, [traceOf(item)], "root", new Date().toISOString());
  await env.FEED.getByName(feedObjectName).erase([item.event]);
  const { id, receivedAt } = item.event;
  await eraseDeliveries(env, [{ eventId: id, receivedAtMs: Date.parse(receivedAt) }]);
}

async function rowsOf(id: string): Promise<Record<string, number>> {
  const counts = await Promise.all(
    ["messages", "events", "message_aliases", "former_recipients"].map(async (table) => {
      const query = env.DB.prepare(`SELECT count(*) AS rows FROM ${table} WHERE message_id = ?1`);
      return [table, (await query.bind(id).first<number>("rows")) ?? 0] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

async function feedText(): Promise<string> {
  return (await ask("GET", "/v1/events?after=earliest&limit=200")).text();
}

async function deliveriesOf(subscription: string): Promise<unknown[]> {
  const list = await ask("GET", `/v1/subscriptions/${subscription}/deliveries`);
  return (await list.json<{ data: unknown[] }>()).data;
}

describe("of an erased message", () => {
  test("no row comes back, even where the consumer had asked before the erasure", async () => {
    const id = freshMessageId();
    const item = await recorded(id);
    const other = await recorded(freshMessageId());
    await deliver(item, env);
    expect((await ask("DELETE", `/v1/messages/${source}/${id}`)).status).toBe(204);
    const corrected = { ...item.event, id: `evt_${"0".repeat(32)}`, recipient: before };
    const late = { ...item, event: corrected };
    expect(await appendHistory(env.DB, [item, late, other])).toEqual([other]);
    expect(await rowsOf(id)).toEqual({});
    expect(await rowsOf(other.event.messageId)).toEqual({ messages: 1, events: 1, message_aliases: 1 });
  });

  test("nothing is added to the row of its next life", async () => {
    const id = freshMessageId();
    const item = await recorded(id);
    await eraseCopies(item);
    const born = new Date(Date.parse(item.summary.firstReceivedAt) + 1_000).toISOString();
    const next = {
      ...item,
      event: { ...item.event, receivedAt: born, aliases: [] },
      summary: { ...item.summary, firstReceivedAt: born, lastReceivedAt: born, aliases: [] },
    };
    const late = { ...item, event: { ...item.event, recipient: before } };
    expect(await appendHistory(env.DB, [next, late])).toEqual([next]);
    expect(await rowsOf(id)).toEqual({ messages: 1, events: 1 });
  });

  test("what its next life has of former recipients stays when the names go", async () => {
    const id = freshMessageId();
    const item = await recorded(id);
    const { firstReceivedAt: born } = item.summary;
    const reborn = new Date(Date.parse(born) + 1_000).toISOString();
    const next = { ...item, summary: { ...item.summary, firstReceivedAt: reborn } };
    await appendHistory(env.DB, [{ ...next, event: { ...next.event, recipient: before } }]);
    expect(await rowsOf(id)).toMatchObject({ former_recipients: 1 });
    await eraseNames(env.DB, [{ source, messageId: id, born }]);
    expect(await rowsOf(id)).toMatchObject({ former_recipients: 1 });
  });

  test("the row of its next life stays when the names go", async () => {
    const id = freshMessageId();
    const item = await recorded(id);
    await eraseCopies(item);
    const born = new Date(Date.parse(item.summary.firstReceivedAt) + 1_000).toISOString();
    await appendHistory(env.DB, [{ ...item, summary: { ...item.summary, firstReceivedAt: born } }]);
    await eraseNames(env.DB, [{ source, messageId: id, born: item.summary.firstReceivedAt }]);
    expect(await rowsOf(id)).toMatchObject({ messages: 1 });
    await eraseNames(env.DB, [{ source, messageId: id, born }]);
    expect(await rowsOf(id)).not.toHaveProperty("messages");
  });

  test.each([
    ["before its rows are written", "tables"],
    ["before it is published", "feed"],
    ["before it is shared", "subscriptions"],
  ] as const)("nothing is left where the erasure comes %s", async (_, place) => {
    const { id: subscription } = await subscribe({ url: "https://erased.example.com/" });
    const id = freshMessageId();
    const item = await recorded(id);
    const erase = vi.fn<() => Promise<void>>(() => eraseCopies(item));
    const feed = env.FEED.getByName(feedObjectName);
    const replaced = {
      tables: {
        DB: {
          prepare: (sql: string) => env.DB.prepare(sql),
          batch: async (statements: D1PreparedStatement[]) => {
            await erase();
            return env.DB.batch(statements);
          },
        },
      },
      feed: { FEED: { getByName: () => meddling(feed, { publish: erase }) } },
      subscriptions: {
        SUBSCRIPTION: {
          getByName: (name: string) => meddling(env.SUBSCRIPTION.getByName(name), { accept: erase }),
        },
      },
    };
    await deliver(item, withBindings(replaced[place]));
    expect(erase).toHaveBeenCalledOnce();
    expect(await messageStub(id).erase(1)).toBe(true);
    await eraseNames(env.DB, [{ source, messageId: id, born: item.summary.firstReceivedAt }]);
    expect(await rowsOf(id)).toEqual({});
    expect(await feedText()).not.toContain(id);
    expect(await deliveriesOf(subscription)).toEqual([]);
  });

  test("what a consumer that died left behind goes with the next try", async () => {
    const { id: subscription } = await subscribe({ url: "https://died.example.com/" });
    const id = freshMessageId();
    const item = await recorded(id);
    const dying = {
      getByName: (name: string) =>
        meddling(env.SUBSCRIPTION.getByName(name), {
          accept: () => eraseCopies(item),
          erase: () => Promise.reject(new Error("died")),
        }),
    };
    const logged = vi.spyOn(console, "error").mockReturnValue();
    await deliver(item, withBindings({ SUBSCRIPTION: dying }));
    logged.mockRestore();
    expect(await deliveriesOf(subscription)).toHaveLength(1);
    await deliver(item, env);
    expect(await deliveriesOf(subscription)).toEqual([]);
    expect(await feedText()).not.toContain(id);
  });
});

describe("of a message whose erasure was given up", () => {
  test("what comes later reaches the tables, the feed and the subscriptions", async () => {
    const { id: subscription } = await subscribe({ url: "https://given-up.example.com/" });
    const id = freshMessageId();
    const first = await recorded(id);
    await eraseCopies(first);
    await recordUpdates(id, [anUpdate({ status: "read", ...at("2026-11-21T11:00:00Z") })]);
    const message = await messageStub(id).read();
    const event = message?.history.find(({ version }) => version === 2);
    if (message === null || event === undefined) throw new Error("just recorded");
    const second = { event, summary: summarize(message), repeats: 0 };
    await deliver(second, env);
    // Of what was erased, nothing comes back with it.
    await deliver({ ...first, summary: second.summary }, env);
    expect(await rowsOf(id)).toMatchObject({ messages: 1, events: 1 });
    const feed = await feedText();
    expect(feed).toContain(event.id);
    expect(feed).not.toContain(first.event.id);
    expect(await deliveriesOf(subscription)).toMatchObject([{ event: event.id }]);
  });
});

test("where an object does not say whose alias it is, nobody is told that there is no such message", async () => {
  const read = vi.fn<() => Promise<null>>(async () => null).mockRejectedValueOnce(new Error("restarting"));
  const bindings = withBindings({ MESSAGE: { getByName: () => ({ read }) } });
  expect(await eraseMessages(bindings, [{ source, messageId: freshMessageId() }], "root")).toEqual([
    "moving",
  ]);
});

/** The object, with something that happens just before some of its methods are called. */
function meddling<Stub extends object>(
  stub: Stub,
  first: Readonly<Record<string, () => Promise<void>>>,
): Stub {
  return new Proxy(stub, {
    get:
      (target, name) =>
      async (...values: unknown[]) => {
        await first[String(name)]?.();
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") throw new Error(`${String(name)} is no method`);
        return Reflect.apply(method, target, values) as unknown;
      },
  });
}
