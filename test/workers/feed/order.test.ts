import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import { ask } from "../../support/api.ts";
import { anEvent, someEvents } from "../../support/feedEvents.ts";
import { connect, type TestSocket } from "../../support/feed.ts";

const feed = env.FEED.getByName(feedObjectName);
let last = 0;

/** Numbers that no other test has used. */
function fresh(count: number): { from: number; to: number } {
  const from = last + 1;
  last += count;
  return { from, to: last };
}

interface Follower {
  readonly socket: TestSocket;
  /** Acks what is replayed, checks the chain, and returns the ids so far. */
  ids(): string[];
}

async function follow(after: string, filter: object = {}): Promise<Follower> {
  const socket = await connect();
  socket.send({ type: "subscribe", id: "s", after, filter });
  const { from } = await socket.take("subscribed");
  let chain = from;
  let read = 0;
  const ids: string[] = [];
  return {
    socket,
    ids() {
      for (const frame of socket.frames.slice(read)) {
        if (frame.type !== "events") continue;
        expect(frame.from).toBe(chain);
        chain = frame.to;
        ids.push(...frame.events.map(({ id }) => id));
        if (frame.replay) socket.send({ type: "ack", id: "s", cursor: frame.to });
      }
      read = socket.frames.length;
      return ids;
    },
  };
}

function idsOf(from: number, to: number): string[] {
  return someEvents(from, to).map(({ id }) => id);
}

const often = { interval: 10 };

test("two consumers publishing at once share one order, and every client sees the same", async () => {
  const { from, to } = fresh(200);
  const followers = [await follow("now"), await follow("now"), await follow("now")];
  const halves = [someEvents(from, from + 99), someEvents(from + 100, to)];
  await Promise.all(
    halves.flatMap((half) =>
      Array.from({ length: 10 }, (_, batch) => feed.publish(half.slice(batch * 10, batch * 10 + 10))),
    ),
  );
  for (const follower of followers) await expect.poll(() => follower.ids().length, often).toBe(200);
  const [first, ...others] = followers.map((follower) => follower.ids());
  expect(first?.toSorted()).toEqual(idsOf(from, to));
  for (const other of others) expect(other).toEqual(first);
});

test("there is no gap and no repeat where a replay meets what is published meanwhile", async () => {
  const start = await feed.head();
  const old = fresh(700);
  await feed.publish(someEvents(old.from, old.to));
  const followers: Follower[] = [];
  for (let round = 1; round <= 20; round += 1) {
    const { from, to } = fresh(15);
    const publishing = feed.publish(someEvents(from, to));
    if (round % 4 === 0) followers.push(await follow(start));
    for (const follower of followers) follower.ids();
    await publishing;
  }
  for (const follower of followers) {
    await expect.poll(() => follower.ids().length, often).toBe(last - old.from + 1);
    expect(follower.ids()).toEqual(idsOf(old.from, last));
    await follower.socket.take("live");
    expect(follower.socket.frames.filter(({ type }) => type === "live")).toHaveLength(1);
  }
});

test("a batch that the queue delivers again after a crash is not published again", async () => {
  const { from, to } = fresh(10);
  const follower = await follow("now");
  await feed.publish(someEvents(from, to));
  await evictDurableObject(feed);
  await Promise.all([feed.publish(someEvents(from, to)), feed.publish(someEvents(from + 5, to))]);
  const { from: next } = fresh(1);
  await feed.publish([anEvent(next)]);
  await expect.poll(() => follower.ids(), often).toEqual(idsOf(from, next));
});

test("a late repeat is found in the log, however long ago it was", async () => {
  const { from } = fresh(1);
  const event = anEvent(from, { receivedAt: new Date(Date.now() - 60_000).toISOString() });
  await feed.publish([event]);
  await runInDurableObject(feed, (_, { storage }) => {
    storage.sql.exec("UPDATE batches SET published_at_ms = published_at_ms - 50000");
  });
  await evictDurableObject(feed);
  const head = await feed.head();
  await feed.publish([event]);
  expect(await feed.head()).toBe(head);
});

test("what is older than 24 h goes, and its cursors are reset as expired without a partial replay", async () => {
  const { from } = fresh(1);
  const before = await feed.head();
  await feed.publish([anEvent(from)]);
  await runInDurableObject(feed, (_, { storage }) => {
    storage.sql.exec("UPDATE batches SET published_at_ms = published_at_ms - ?", limits.feedRetentionMs + 1);
  });
  await evictDurableObject(feed);
  const { from: next } = fresh(1);
  await feed.publish([anEvent(next)]);
  expect((await ask("GET", `/v1/events?after=${before}`)).status).toBe(410);
  const socket = await connect();
  socket.send({ type: "subscribe", id: "old", after: before });
  const reset = await socket.take("reset");
  expect(reset).toMatchObject({ id: "old", reason: "expired", head: await feed.head() });
  socket.send({ type: "subscribe", id: "old", after: reset.earliest });
  expect((await socket.take("events")).events.map(({ id }) => id)).toEqual(idsOf(next, next));
});

test("a cursor of another epoch or from the future is a reset, one that is none an error; the socket goes on", async () => {
  const { from } = fresh(1);
  await feed.publish([anEvent(from)]);
  const head = await feed.head();
  const [epoch = ""] = head.split(".");
  const socket = await connect();
  for (const [after, reason] of [
    ["aaaaaaaaaaaa.1", "epoch"],
    [`${epoch}.zzzzzz`, "ahead"],
  ]) {
    socket.send({ type: "subscribe", id: "s", after });
    expect(await socket.take("reset")).toMatchObject({ id: "s", reason, head });
  }
  socket.send({ type: "subscribe", id: "s", after: "yesterday" });
  expect(await socket.take("error")).toMatchObject({ id: "s", code: "invalid_cursor", retryable: false });
  expect(socket.frames.map(({ type }) => type)).toEqual(["welcome", "reset", "reset", "error"]);
  socket.send({ type: "subscribe", id: "s", after: head });
  expect(await socket.take("live")).toMatchObject({ cursor: head });
});

test("a filter under which nothing matched for long still has its place when something does", async () => {
  const quiet = await follow("now", { statuses: ["failed"] });
  for (let round = 1; round <= 12; round += 1) {
    const { from, to } = fresh(100);
    await feed.publish(someEvents(from, to));
    if (round % 4 === 0) await evictDurableObject(feed);
  }
  const { from } = fresh(1);
  await feed.publish([anEvent(from, { status: "failed" })]);
  await expect.poll(() => quiet.ids(), often).toEqual(idsOf(from, from));
  expect(quiet.socket.frames.filter(({ type }) => type === "events")).toHaveLength(2);
});

test("a feed that was only read holds nothing", async () => {
  const unborn = env.FEED.getByName("another");
  expect(await unborn.head()).toBe("000000000000.0");
  expect((await unborn.poll({ after: "earliest", filter: {}, sources: null, limit: 1 })).ok).toBe(true);
  await runInDurableObject(unborn, (_, { storage }) => {
    expect(storage.sql.exec("SELECT name FROM sqlite_master").toArray()).toEqual([]);
  });
});

test("a batch costs one row on disk, and a repeat none", async () => {
  const unborn = env.FEED.getByName("billed");
  await unborn.publish([anEvent(1)]);
  const rows = () =>
    runInDurableObject(unborn, (_, { storage }) =>
      storage.sql.exec("SELECT count(*) AS n FROM batches").one(),
    );
  for (let batch = 1; batch <= 10; batch += 1) {
    await unborn.publish(someEvents(batch * 10, batch * 10 + 9));
    await unborn.publish(someEvents(batch * 10, batch * 10 + 9));
  }
  expect(await rows()).toEqual({ n: 11 });
});

/** Only what runs can be evicted, so it is woken first. */
async function evict(): Promise<void> {
  await feed.head();
  await evictDurableObject(feed);
}

const step = fc.oneof(
  fc.record({ kind: fc.constant("publish" as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("redeliver" as const), back: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constantFrom("evict" as const, "read" as const) }),
  fc.record({ kind: fc.constant("cut" as const), client: fc.nat(1) }),
);

test("random schedules of publish, redeliver, evict, cut and resume leave every client whole", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (schedule) => {
      const start = await feed.head();
      const first = last + 1;
      const clients = [
        { ids: [] as string[], cursor: start, now: await follow(start) },
        { ids: [] as string[], cursor: start, now: await follow("now") },
      ];
      for (const one of schedule) {
        if (one.kind === "publish") {
          const { from, to } = fresh(one.count);
          await feed.publish(someEvents(from, to));
        } else if (one.kind === "redeliver" && last >= first) {
          await feed.publish(someEvents(Math.max(first, last - one.back), last));
        } else if (one.kind === "evict") await evict();
        else if (one.kind === "read") for (const client of clients) client.now.ids();
        else if (one.kind === "cut") {
          const client = clients[one.client];
          if (client === undefined) continue;
          client.ids.push(...client.now.ids());
          client.now.socket.close();
          const seen = client.now.socket.frames.findLast(({ type }) => type === "events");
          if (seen?.type === "events") client.cursor = seen.to;
          client.now = await follow(client.cursor);
        }
      }
      for (const client of clients) {
        const all = () => [...client.ids, ...client.now.ids()];
        await expect.poll(() => all().length, often).toBe(last - first + 1);
        expect(all()).toEqual(idsOf(first, last));
        client.now.socket.close();
      }
    }),
    { numRuns: 50 },
  );
});
