/** The live table's logic: a row is moved on by events in any order, and a filter keeps what belongs. */
import { expect, test } from "vitest";
import { feedFilterOf, filterOf, queriesOf } from "../../../src/dashboard/live/filter.ts";
import { moveOn } from "../../../src/dashboard/live/row.ts";
import { emptyShelf, newestOf, takeEvents } from "../../../src/dashboard/live/shelf.ts";
import type { Event } from "../../../src/model/event.ts";
import { anEvent } from "../../support/events.ts";

const sent = (event: Partial<Event> = {}) =>
  anEvent({ version: 1, status: "sent", current: "sent", messageStatus: "sent", ...event });
const failed = (event: Partial<Event> = {}) =>
  anEvent({
    version: 2,
    status: "failed",
    current: "failed",
    messageStatus: "failed",
    reason: { kind: "recipient", code: "470", text: "Unknown number", permanent: true },
    ...event,
  });

test("whichever event comes first, the one with the higher version says what the row shows", () => {
  for (const order of [
    [sent(), failed()],
    [failed(), sent()],
  ]) {
    const row = order.reduce<ReturnType<typeof moveOn> | undefined>(moveOn, undefined);
    expect(row).toMatchObject({ status: "failed", version: 2, reason: { code: "470" } });
  }
});

test("an older event still fills in what the newer ones did not tell", () => {
  const row = moveOn(moveOn(undefined, failed({ recipient: null })), sent({ recipient: "+390000000" }));
  expect(row).toMatchObject({ status: "failed", recipient: "+390000000" });
});

test("the reason goes when the failure is overruled", () => {
  const delivered = anEvent({
    version: 3,
    status: "delivered",
    current: "delivered",
    messageStatus: "delivered",
  });
  expect(moveOn(moveOn(undefined, failed()), delivered).reason).toBeNull();
});

test("a row that no longer fits the filter leaves, and one that fits comes", () => {
  const shelf = emptyShelf();
  takeEvents(shelf, [sent()], { status: "sent" });
  expect(newestOf(shelf)).toHaveLength(1);
  takeEvents(shelf, [failed()], { status: "sent" });
  expect(newestOf(shelf)).toHaveLength(0);
  expect(shelf.changed.size).toBe(1);
});

test("an event whose message shows it already is no change, and one that fills something in is", () => {
  const shelf = emptyShelf();
  takeEvents(shelf, [failed({ recipient: null })], {});
  shelf.changed.clear();
  takeEvents(shelf, [failed({ recipient: null })], {});
  expect(shelf.changed.size).toBe(0);
  takeEvents(shelf, [sent()], {});
  expect(shelf.changed.size).toBe(1);
});

test("an event that says too little for the filter asks for the list", () => {
  const shelf = emptyShelf();
  expect(takeEvents(shelf, [sent({ channel: null })], { channel: "rcs" })).toBe(true);
  expect(newestOf(shelf)).toHaveLength(0);
  expect(takeEvents(shelf, [sent({ channel: "rcs" })], { channel: "rcs" })).toBe(false);
  expect(newestOf(shelf)).toHaveLength(1);
});

test("however many messages come, only the newest are kept", () => {
  const shelf = emptyShelf();
  const events = Array.from({ length: 2_500 }, (_, index) =>
    sent({ messageId: `M${index}`, receivedAt: new Date(1_800_000_000_000 + index).toISOString() }),
  );
  takeEvents(shelf, events, {});
  expect(shelf.known.size).toBe(1_000);
  expect(newestOf(shelf)[0]?.messageId).toBe("M2499");
});

test("the address holds the filter; what no status is, is left out", () => {
  const filter = filterOf(new URLSearchParams("status=failed&source=a&q= x &foo=1"));
  expect(filter).toEqual({ q: "x", status: "failed", source: "a" });
  expect(filterOf(new URLSearchParams("status=nonsense"))).toEqual({});
  expect(feedFilterOf(filter)).toEqual({ sources: ["a"] });
});

test("a search asks for an id, an alias and a recipient, in the same time", () => {
  const nowMs = Date.UTC(2026, 10, 22, 12);
  expect(queriesOf({ q: "x", since: "1h" }, nowMs)).toEqual([
    { since: "2026-11-22T11:00:00.000Z", messageId: "x" },
    { since: "2026-11-22T11:00:00.000Z", alias: "x" },
    { since: "2026-11-22T11:00:00.000Z", recipient: "x" },
  ]);
});
