import { expect, test } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { endBy, feedPolicy, renew, sessionOf } from "../../../src/stream/session.ts";
import { attachmentOf, readAttachment } from "../../../src/stream/socket.ts";
import { anEvent, someEvents } from "../../support/feedEvents.ts";
import { aFeed, anyone, type Feed, type Wire } from "../../support/feedModel.ts";

function opened(feed: Feed = aFeed()): { feed: Feed; wire: Wire } {
  const wire = feed.connect();
  wire.inbox.length = 0;
  return { feed, wire };
}

function sent(wire: Wire): unknown[] {
  return wire.inbox.splice(0);
}

test.each([
  ["text that is not JSON", "hello", 4400],
  ["JSON that is no object", "[]", 4400],
  ["an unknown type", { type: "shout" }, 4400],
  ["a subscription without an id", { type: "subscribe" }, 4400],
  ["an id that is too long", { type: "subscribe", id: "x".repeat(65) }, 4400],
  ["an id that is empty", { type: "subscribe", id: "" }, 4400],
  ["binary", new TextEncoder().encode('{"type":"ping"}').buffer, 4400],
  ["a frame over 16 KiB", `{"type":"ping","pad":"${"x".repeat(16 * 1024)}"}`, 4413],
  ["many bytes in few characters", `{"type":"ping","pad":"${"€".repeat(6 * 1024)}"}`, 4413],
  ["an ack of no subscription", { type: "ack", id: "s1", cursor: "x" }, 4404],
  ["an end of no subscription", { type: "unsubscribe", id: "s1" }, 4404],
])("%s ends the socket with its code", (_, frame, code) => {
  const { feed, wire } = opened();
  feed.send(wire, frame);
  expect(wire.closed).toBe(code);
});

test("a frame of exactly 16 KiB is read", () => {
  const { feed, wire } = opened();
  const envelope = '{"type":"ping","pad":""}'.length;
  feed.send(wire, `{"type":"ping","pad":"${"x".repeat(16 * 1024 - envelope)}"}`);
  expect(sent(wire)).toEqual([{ type: "pong" }]);
});

test("an id in use ends the socket with 4409, a 17th subscription with 4429", () => {
  const first = opened();
  for (const id of ["a", "a"]) first.feed.send(first.wire, { type: "subscribe", id });
  expect(first.wire.closed).toBe(4409);
  const second = opened();
  for (let count = 1; count <= 16; count += 1) {
    second.feed.send(second.wire, { type: "subscribe", id: `s${count}` });
  }
  expect(second.wire.closed).toBeNull();
  second.feed.send(second.wire, { type: "subscribe", id: "s17" });
  expect(second.wire.closed).toBe(4429);
});

test("an id is free again after its subscription ended", () => {
  const { feed, wire } = opened();
  feed.send(wire, { type: "subscribe", id: "a" });
  feed.send(wire, { type: "unsubscribe", id: "a" });
  feed.send(wire, { type: "subscribe", id: "a", after: "now" });
  expect(wire.closed).toBeNull();
});

test("a flood of frames ends the socket with 4429, the same frames over a longer time do not", () => {
  let nowMs = 1_000_000;
  const feed = aFeed({ now: () => nowMs });
  const { wire } = opened(feed);
  for (let count = 1; count <= 3 * limits.streamFramesMax; count += 1) {
    nowMs += limits.streamFramesWindowMs / limits.streamFramesMax;
    feed.send(wire, { type: "ping" });
  }
  expect(wire.closed).toBeNull();
  for (let count = 1; count <= limits.streamFramesMax + 1; count += 1) feed.send(wire, { type: "ping" });
  expect(wire.closed).toBe(4429);
});

test.each([
  ["an unknown field", { status: ["read"] }],
  ["an unknown value", { statuses: ["seen"] }],
  ["text instead of a list", { statuses: "read" }],
  ["no object at all", "everything"],
])("a filter with %s is an error frame, and the socket goes on", (_, filter) => {
  const { feed, wire } = opened();
  feed.send(wire, { type: "subscribe", id: "s1", filter });
  expect(sent(wire)).toEqual([
    expect.objectContaining({ type: "error", id: "s1", code: "invalid_filter", retryable: false }),
  ]);
  feed.send(wire, { type: "subscribe", id: "s1", filter: {} });
  expect(sent(wire)).toEqual([
    expect.objectContaining({ type: "subscribed" }),
    expect.objectContaining({ type: "live" }),
  ]);
});

test("all filters of a socket together are at most 8 KiB", () => {
  const { feed, wire } = opened();
  const filter = { recipients: Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(400, "x")) };
  feed.send(wire, { type: "subscribe", id: "a", filter });
  feed.send(wire, { type: "subscribe", id: "b", filter });
  feed.send(wire, { type: "subscribe", id: "c", filter });
  const types = wire.inbox.map(({ type }) => type);
  expect(types).toEqual(["subscribed", "live", "subscribed", "live", "error"]);
  feed.evict();
  expect(wire.session.state.subscriptions.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a replay is paced by acks, and is live with its last page", () => {
  const { feed, wire } = opened();
  feed.publish(someEvents(1, 600));
  feed.send(wire, { type: "subscribe", id: "s1", after: "earliest" });
  const [subscribed, page] = wire.inbox;
  expect(wire.inbox).toHaveLength(2);
  if (subscribed?.type !== "subscribed" || page?.type !== "events") throw new Error("another frame");
  expect(page).toMatchObject({ from: subscribed.from, replay: true });
  expect(page.events).toHaveLength(256);
  wire.inbox.length = 0;
  feed.publish(someEvents(601, 610));
  expect(sent(wire)).toEqual([]);
  feed.send(wire, { type: "ack", id: "s1", cursor: page.to });
  const [second] = sent(wire);
  expect(second).toMatchObject({ from: page.to, replay: true });
  feed.send(wire, { type: "ack", id: "s1", cursor: (second as { to: string }).to });
  const [third, live] = sent(wire);
  expect(third).toMatchObject({ replay: true, to: feed.log.cursorOf(610) });
  expect(live).toEqual({ type: "live", id: "s1", cursor: feed.log.cursorOf(610) });
  feed.publish([anEvent(611)]);
  expect(sent(wire)).toEqual([expect.objectContaining({ from: feed.log.cursorOf(610), replay: false })]);
  feed.send(wire, { type: "ack", id: "s1", cursor: feed.log.cursorOf(610) });
  expect(wire.closed).toBeNull();
});

test("an ack of another cursor, and a second one of the same, end the socket with 4400", () => {
  for (const acks of [["000000000001.7"], ["000000000001.1", "000000000001.1"]]) {
    const { feed, wire } = opened();
    feed.publish([anEvent(1)]);
    feed.send(wire, { type: "subscribe", id: "s1", after: "earliest" });
    for (const cursor of acks) feed.send(wire, { type: "ack", id: "s1", cursor });
    expect(wire.closed).toBe(4400);
  }
});

test("a page ends at 256 KiB", () => {
  const { feed, wire } = opened();
  feed.publish(someEvents(1, 40, { raw: "ü".repeat(10_000) }));
  feed.send(wire, { type: "subscribe", id: "s1", after: "earliest" });
  const page = wire.inbox.find(({ type }) => type === "events");
  expect(new TextEncoder().encode(JSON.stringify(page)).byteLength).toBeLessThanOrEqual(256 * 1024);
  expect(page?.type === "events" && page.events.length).toBe(12);
});

test("a quiet filter's cursor moves with the first events of an hour, so that a cut after a day is no reset", () => {
  let nowMs = Date.UTC(2026, 10, 21);
  const feed = aFeed({ now: () => nowMs });
  const { wire } = opened(feed);
  feed.send(wire, { type: "subscribe", id: "s1", filter: { statuses: ["failed"] } });
  wire.inbox.length = 0;
  for (let number = 1; number <= 60; number += 1) {
    feed.publish([anEvent(number)]);
    feed.evict();
    nowMs += limits.streamQuietMs / 2;
  }
  const frames = wire.inbox.flatMap((frame) => (frame.type === "events" ? [frame] : []));
  expect(frames).toHaveLength(29);
  expect(feed.log.earliest).toBeGreaterThan(2);
  expect(feed.log.locate(frames.at(-1)?.to ?? "")).toMatchObject({ kind: "found" });
});

test("a quiet filter's cursor moves every 1,000 events at the latest, live and in a replay", () => {
  const { feed, wire } = opened();
  feed.send(wire, { type: "subscribe", id: "s1", filter: { statuses: ["failed"] } });
  wire.inbox.length = 0;
  for (let from = 1; from <= 2_401; from += 300) feed.publish(someEvents(from, from + 299));
  const [first, second, ...more] = sent(wire);
  const cursorOf = (place: number) => feed.log.cursorOf(place);
  expect(first).toMatchObject({ from: cursorOf(0), to: cursorOf(1_000), events: [] });
  expect(second).toMatchObject({ from: cursorOf(1_000), to: cursorOf(2_000), events: [] });
  expect(more).toEqual([]);
  feed.publish([anEvent(3_000, { status: "failed" })]);
  expect(sent(wire)).toEqual([
    expect.objectContaining({ from: feed.log.cursorOf(2_000), to: feed.log.cursorOf(2_701) }),
  ]);
  feed.send(wire, { type: "subscribe", id: "s2", filter: { statuses: ["failed"] }, after: "earliest" });
  expect(sent(wire)[1]).toMatchObject({ to: feed.log.cursorOf(1_000), events: [], replay: true });
});

test("nothing leaves after the expiry, and the first frame on either side ends the socket with 4504", () => {
  let nowMs = 1_000_000;
  const feed = aFeed({ now: () => nowMs, admission: { ...anyone, expiresAtMs: 1_001_000 } });
  const [talker, listener] = [opened(feed).wire, opened(feed).wire];
  feed.send(listener, { type: "subscribe", id: "s1" });
  listener.inbox.length = 0;
  nowMs = 1_000_999;
  feed.publish([anEvent(1)]);
  expect(sent(listener)).toHaveLength(1);
  nowMs = 1_001_000;
  feed.publish([anEvent(2)]);
  feed.send(talker, { type: "ping" });
  expect(sent(listener)).toEqual([]);
  expect([talker.closed, listener.closed]).toEqual([4504, 4504]);
});

test("a key bound to sources never sees others, whatever its filter asks for", () => {
  const feed = aFeed({ admission: { ...anyone, sources: ["mine"] } });
  const { wire } = opened(feed);
  feed.send(wire, { type: "subscribe", id: "a", filter: { sources: ["theirs"] } });
  feed.send(wire, { type: "subscribe", id: "b" });
  wire.inbox.length = 0;
  feed.publish([anEvent(1, { source: "theirs" }), anEvent(2, { source: "mine" })]);
  feed.evict();
  feed.publish([anEvent(3, { source: "theirs" }), anEvent(4, { source: "mine" })]);
  const events = wire.inbox.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  expect(events.map(({ messageId }) => messageId)).toEqual(["M2", "M4"]);
});

test("a token's filter and messages are ANDed with the client's filter", () => {
  const messages = [{ source: "acme-nifteem", messageId: "M1" }];
  const grant = { filter: { statuses: ["read" as const] }, messages };
  const feed = aFeed({ admission: { ...anyone, grant } });
  const { wire } = opened(feed);
  feed.send(wire, { type: "subscribe", id: "a", filter: { channels: ["rcs"] } });
  wire.inbox.length = 0;
  feed.publish([
    anEvent(1),
    anEvent(2, { status: "read" }),
    anEvent(3, { status: "read", messageId: "M1", channel: "sms" }),
    anEvent(4, { status: "read", messageId: "M1" }),
  ]);
  const events = wire.inbox.flatMap((frame) => (frame.type === "events" ? frame.events : []));
  expect(events.map(({ id }) => id)).toEqual([anEvent(4).id]);
});

test("an end that was set from outside is never put off but by a token, and outlives hibernation", () => {
  const grant = { filter: {}, messages: null };
  const admission = { ...anyone, keyId: "key_a", secretId: "old", grant, expiresAtMs: 5_000 };
  const { wire } = opened(aFeed({ admission, now: () => 0 }));
  const ended = endBy(wire.session, 1_000).session;
  const { state } = endBy(ended, 9_000).session;
  expect(state.expiresAtMs).toBe(1_000);
  const remembered = readAttachment(structuredClone(attachmentOf(ended.fixed, ended.state)));
  expect(remembered.expiresAtMs).toBe(1_000);
  const renewed = renew(sessionOf(remembered, feedPolicy), {
    ...admission,
    secretId: "new",
    expiresAtMs: 9_000,
  });
  expect(renewed.session.state).toMatchObject({ secretId: "new", expiresAtMs: 9_000 });
});

test("a token renews only a socket of the same key, filter and messages, in whatever order they are written", () => {
  const grant = {
    filter: { statuses: ["read" as const, "failed" as const], metadata: { a: 1, b: [1, 2] } },
    messages: null,
  };
  const admission = { ...anyone, grant, expiresAtMs: 2_000 };
  const { wire } = opened(aFeed({ admission, now: () => 1_000 }));
  const reordered = {
    filter: { metadata: { b: [1, 2], a: 1 }, channels: [], statuses: ["failed" as const, "read" as const] },
    messages: null,
  };
  const renewed = renew(wire.session, { ...admission, grant: reordered, expiresAtMs: 9_000 });
  expect(renewed.closing).toBeNull();
  expect(renewed.session.state.expiresAtMs).toBe(9_000);
  const others = [
    { ...admission, grant: { filter: {}, messages: null } },
    { ...admission, grant: { ...grant, filter: { ...grant.filter, metadata: { a: 1, b: [2, 1] } } } },
    { ...admission, grant: { ...grant, messages: [{ source: "a", messageId: "b" }] } },
    { ...admission, keyId: "another" },
    anyone,
  ];
  for (const other of others) expect(renew(wire.session, other).closing?.code).toBe(4403);
});
