import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import { newSource } from "../../support/api.ts";
import { anEvent, someEvents } from "../../support/feedEvents.ts";
import { connect } from "../../support/feed.ts";

const feed = env.FEED.getByName(feedObjectName);

test("a subscriber gets what is published, in one chain", async () => {
  const socket = await connect();
  const welcome = await socket.take("welcome");
  expect(welcome).toMatchObject({ expiresAt: null, pingSeconds: 25, maxSubscriptions: 16 });
  socket.send({ type: "subscribe", id: "s1" });
  const subscribed = await socket.take("subscribed");
  const live = await socket.take("live");
  expect(live.cursor).toBe(subscribed.from);
  await feed.publish(someEvents(1, 3));
  const events = await socket.take("events");
  expect(events).toMatchObject({ id: "s1", from: subscribed.from, replay: false });
  expect(events.events.map(({ messageId }) => messageId)).toEqual(["M1", "M2", "M3"]);
  expect(events.events.at(-1)?.cursor).toBe(events.to);
  expect(await feed.head()).toBe(events.to);
});

test("a socket that slept through an eviction goes on where it was", async () => {
  const socket = await connect();
  socket.send({ type: "subscribe", id: "s1", filter: { statuses: ["read"] } });
  const subscribed = await socket.take("subscribed");
  await feed.publish([anEvent(100, { status: "read" }), anEvent(101)]);
  const first = await socket.take("events");
  expect(first.from).toBe(subscribed.from);
  await evictDurableObject(feed);
  await feed.publish([anEvent(101), anEvent(102, { status: "read" })]);
  const second = await socket.take("events");
  expect(second.from).toBe(first.to);
  expect(second.events.map(({ messageId }) => messageId)).toEqual(["M102"]);
  expect(socket.closed).toBeNull();
});

test("a ping is answered without waking the feed", async () => {
  const socket = await connect();
  await socket.take("welcome");
  await evictDurableObject(feed);
  socket.send('{"type":"ping"}');
  expect(await socket.take("pong")).toEqual({ type: "pong" });
  // Only what runs can be evicted.
  await expect(evictDurableObject(feed)).rejects.toThrow("Cannot evict");
});

test.each(["/v1/stream", "/v1/messages/closing/M1/stream"])("%s answers a close at once", async (path) => {
  await newSource({ id: "closing" }).catch(() => {});
  const socket = await connect(path);
  await socket.take("welcome");
  socket.close(1000);
  expect(await socket.closeCode()).toBe(1000);
});

test("a client whose send buffer passes 1 MiB ends with 4502, and its neighbour goes on", async () => {
  const [slow, quick] = [await connect(), await connect()];
  for (const socket of [slow, quick]) socket.send({ type: "subscribe", id: "s1" });
  await slow.take("live");
  await quick.take("live");
  const { connection } = await slow.take("welcome");
  await runInDurableObject(feed, (_, state) => {
    // Not every runtime shows what it has not sent; here it does.
    for (const socket of state.getWebSockets()) {
      const { fixed } = Object(socket.deserializeAttachment()) as { fixed: Uint8Array };
      const isSlow = new TextDecoder().decode(fixed).includes(connection);
      const bufferedAmount = limits.streamBufferBytesMax + (isSlow ? 1 : 0);
      Object.defineProperty(socket, "bufferedAmount", { value: bufferedAmount });
    }
  });
  await feed.publish([anEvent(500)]);
  expect((await quick.take("events")).events).toHaveLength(1);
  expect(await slow.take("closing")).toMatchObject({ code: 4502, retryAfterMs: 1_000 });
  expect(await slow.closeCode()).toBe(4502);
  expect(slow.frames.some(({ type }) => type === "events")).toBe(false);
});

test("one socket too many ends with 4429", async () => {
  await runInDurableObject(feed, (_, state) => {
    const [socket] = state.getWebSockets();
    const full = Array.from({ length: limits.feedSocketsMax }, () => socket);
    vi.spyOn(state, "getWebSockets").mockReturnValueOnce(full.filter((one) => one !== undefined));
  });
  expect(await (await connect()).closeCode()).toBe(4429);
  await (await connect()).take("welcome");
});
