import { describe, expect, test } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { anEvent, someEvents } from "../../support/feedEvents.ts";
import { aFeed } from "../../support/feedModel.ts";

const day = 24 * 60 * 60 * 1000;

test("a batch is one row, and a repeated batch is none", () => {
  const feed = aFeed();
  feed.publish(someEvents(1, 100));
  feed.publish(someEvents(1, 100));
  expect(feed.store.rows).toHaveLength(1);
});

test("a batch too large for one row is split, and no row is over 2 MB", () => {
  const feed = aFeed();
  feed.publish(someEvents(1, 100, { raw: "x".repeat(30_000) }));
  expect(feed.store.rows.length).toBe(3);
  for (const row of feed.store.rows) expect(row.events.length).toBeLessThan(2_000_000);
  expect(feed.log.head).toBe(100);
  expect([...feed.log.entriesAfter(0)].map(({ place }) => place)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
});

test("an event twice in one batch is published once", () => {
  const feed = aFeed();
  feed.publish([anEvent(1), anEvent(2), anEvent(1)]);
  expect(feed.log.head).toBe(2);
});

test("more ids than memory holds: the newest and the oldest repeat are both dropped", () => {
  const nowMs = Date.UTC(2026, 10, 21);
  const receivedAt = new Date(nowMs).toISOString();
  const feed = aFeed({ now: () => nowMs });
  const total = limits.feedRecentIdsMax + 1;
  for (let from = 1; from <= total; from += 1_000) {
    feed.publish(someEvents(from, Math.min(total, from + 999), { receivedAt }));
  }
  expect(feed.log.head).toBe(total);
  feed.publish([1, 2, total / 2, total].map((number) => anEvent(Math.floor(number), { receivedAt })));
  expect(feed.log.head).toBe(total);
});

describe("what is kept", () => {
  test("goes after 24 h, and a cursor from before is expired", () => {
    let nowMs = Date.UTC(2026, 10, 21);
    const feed = aFeed({ now: () => nowMs });
    feed.publish(someEvents(1, 10));
    nowMs += day;
    feed.publish(someEvents(11, 20));
    expect(feed.log.earliest).toBe(0);
    nowMs += 1;
    feed.publish(someEvents(21, 30));
    expect(feed.log.earliest).toBe(10);
    expect(feed.log.locate(feed.log.cursorOf(9))).toEqual({ kind: "reset", reason: "expired" });
    expect(feed.log.locate(feed.log.cursorOf(10))).toEqual({ kind: "found", place: 10 });
    expect(feed.log.locate(feed.log.cursorOf(0))).toEqual({ kind: "reset", reason: "expired" });
  });

  test("is at most 1,000,000 events and one row", () => {
    const feed = aFeed();
    feed.publish([anEvent(1)]);
    // Stands for a long life: the next place follows the newest row.
    feed.store.append([
      {
        firstPlace: 2,
        lastPlace: limits.feedEventsMax,
        publishedAtMs: Date.now(),
        marks: ["x"],
        events: "[]",
      },
    ]);
    feed.evict();
    feed.publish([anEvent(2)]);
    expect(feed.log.earliest).toBe(1);
  });

  test("goes in chunks, so that a long backlog delays nobody", () => {
    let nowMs = Date.UTC(2026, 10, 21);
    const feed = aFeed({ now: () => nowMs });
    const rows = 3 * limits.feedPrunedRowsMax - 1;
    for (let number = 1; number <= rows; number += 1) feed.publish([anEvent(number)]);
    nowMs += 2 * day;
    const kept = [1, 2, 3].map((number) => {
      feed.publish([anEvent(rows + number)]);
      return feed.store.rows.length;
    });
    expect(kept).toEqual([400, 201, 3]);
  });
});

describe("a cursor", () => {
  test("of another epoch, from the future, or none at all is told apart", () => {
    const feed = aFeed();
    feed.publish(someEvents(1, 3));
    expect(feed.log.locate("aaaaaaaaaaaa.1")).toEqual({ kind: "reset", reason: "epoch" });
    expect(feed.log.locate(feed.log.cursorOf(4))).toEqual({ kind: "reset", reason: "ahead" });
    for (const text of ["", "1", "x".repeat(99), "000000000001.-1", "000000000001.0"]) {
      expect(feed.log.locate(text)).toEqual({ kind: "malformed" });
    }
  });

  test("of a feed that has nothing yet leads to its first event, and any other is of another epoch", () => {
    const feed = aFeed();
    const before = feed.log.cursorOf(feed.log.head);
    expect(feed.log.locate("aaaaaaaaaaaa.1")).toEqual({ kind: "reset", reason: "epoch" });
    expect(feed.store.epoch()).toBeNull();
    feed.publish([anEvent(1)]);
    feed.evict();
    expect(feed.log.locate(before)).toEqual({ kind: "found", place: 0 });
  });
});
