import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUpdates, emptyLedger, type Ledger, viewMessage } from "../../../src/message/ledger.ts";
import { inDecisionOrder, inFailureOrder, inHistoryOrder } from "../../../src/message/order.ts";
import type { Message } from "../../../src/model/message.ts";
import { isRealFailure, rankOf } from "../../../src/model/status.ts";
import type { IdentifiedUpdate, Update } from "../../../src/model/update.ts";
import { aReason, anUpdate, arbitraryUpdates, at, identified, source } from "../../support/updates.ts";

const receivedAt = "2026-11-21T12:00:00.000Z";
const request = { source, provider: "nifteem", messageId: "M1" };

/** The same updates on the same message, each batch at its own second. */
function record(batches: readonly (readonly IdentifiedUpdate[])[]): Ledger {
  return batches.reduce(
    (ledger, updates, index) =>
      addUpdates(
        ledger,
        { ...request, updates },
        new Date(Date.parse(receivedAt) + index * 1000).toISOString(),
      ).ledger,
    emptyLedger,
  );
}

async function fold(...updates: Update[]): Promise<Message> {
  const message = viewMessage(record((await identified(updates)).map((update) => [update])));
  if (message === null) throw new Error("no updates given");
  return message;
}

/** What API 1.2 promises to be independent of arrival. */
function independentOf(message: Message | null): unknown {
  if (message === null) return null;
  const { duplicates: _d, firstReceivedAt: _f, lastReceivedAt: _l, history, ...rest } = message;
  const facts = history.map(
    ({
      version: _v,
      effect: _e,
      previous: _p,
      current: _c,
      messageStatus: _m,
      contradicted: _x,
      receivedAt: _r,
      ...fact
    }) => (fact.timeSource === "received" ? { ...fact, occurredAt: null } : fact),
  );
  return { ...rest, history: facts.toSorted((one, other) => (one.id < other.id ? -1 : 1)) };
}

describe("for any set of updates", () => {
  const runs = { numRuns: 2_000 };

  test("every permutation, repetition and split into batches gives the same message", async () => {
    const arrivals = arbitraryUpdates(9).chain((updates) =>
      fc.record({
        updates: fc.constant(updates),
        shuffled: fc
          .shuffledSubarray([...updates, ...updates], { minLength: updates.length * 2 })
          .chain((all) =>
            fc.tuple(fc.constant(all), fc.array(fc.integer({ min: 1, max: 4 }), { minLength: all.length })),
          )
          .map(([all, sizes]) => {
            const rest = [...all];
            return sizes.map((size) => rest.splice(0, size)).filter((batch) => batch.length > 0);
          }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ updates, shuffled }) => {
        const straight = record([await identified(updates)]);
        const other = record(await Promise.all(shuffled.map((batch) => identified(batch))));
        expect(independentOf(viewMessage(other))).toEqual(independentOf(viewMessage(straight)));
        expect(other.duplicates).toBe(shuffled.flat().length - other.entries.length);
      }),
      runs,
    );
  });

  test("version counts without a hole, and previous and current chain within a part", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryUpdates(12), async (updates) => {
        const { entries } = record((await identified(updates)).map((update) => [update]));
        expect(entries.map((entry) => entry.event.version)).toEqual(entries.map((_, index) => index + 1));
        const shown = new Map<number, string>();
        for (const { event } of entries) {
          expect(event.previous).toBe(shown.get(event.part.number) ?? null);
          shown.set(event.part.number, event.current);
        }
      }),
      runs,
    );
  });

  test("a part never steps back, but to the failure that outranks its progress", async () => {
    const settled: ReadonlySet<string> = new Set(["delivered", "read", "played"]);
    await fc.assert(
      fc.asyncProperty(arbitraryUpdates(12), async (updates) => {
        const { entries } = record((await identified(updates)).map((update) => [update]));
        const regressed = entries.filter(({ event: { previous, current } }) => {
          if (previous === null) return false;
          if (settled.has(previous)) return rankOf(current) < rankOf(previous) || !settled.has(current);
          return isRealFailure(previous) && !isRealFailure(current) && !settled.has(current);
        });
        expect(regressed).toEqual([]);
      }),
      runs,
    );
  });

  test.each([
    ["history", inHistoryOrder],
    ["decision", inDecisionOrder],
    ["failure", inFailureOrder],
  ])("%s order is total: one sequence, however the events are handed in", async (_, order) => {
    const handedIn = arbitraryUpdates(10).chain((updates) =>
      fc.tuple(fc.constant(updates), fc.shuffledSubarray(updates, { minLength: updates.length })),
    );
    await fc.assert(
      fc.asyncProperty(handedIn, async ([updates, shuffled]) => {
        const events = record([await identified(updates)]).entries.map((entry) => entry.event);
        const ids = (await identified(shuffled)).map((update) => update.eventId);
        const reordered = events.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
        expect(order(reordered).map((event) => event.id)).toEqual(order(events).map((event) => event.id));
      }),
      runs,
    );
  });
});

describe("from real life", () => {
  test("read before delivered: read stands, delivered fills history", async () => {
    const message = await fold(
      anUpdate({ status: "read", ...at("2026-11-21T10:01:00Z") }),
      anUpdate({ status: "delivered", ...at("2026-11-21T10:00:00Z") }),
    );
    expect(message).toMatchObject({
      status: "read",
      statusAt: "2026-11-21T10:01:00.000Z",
      final: true,
      version: 2,
      firstAt: { delivered: "2026-11-21T10:00:00.000Z", read: "2026-11-21T10:01:00.000Z" },
    });
    expect(message.history.map(({ status, effect, version }) => [status, effect, version])).toEqual([
      ["delivered", "late", 2],
      ["read", "advanced", 1],
    ]);
  });

  test("an implied delivered has no time", async () => {
    expect((await fold(anUpdate({ status: "read" }))).firstAt).not.toHaveProperty("delivered");
  });

  test("sent and delivered in the same second: the rank orders them", async () => {
    const message = await fold(anUpdate({ status: "delivered" }), anUpdate({ status: "sent" }));
    expect(message.status).toBe("delivered");
    expect(message.history.map((event) => event.status)).toEqual(["sent", "delivered"]);
  });

  test("statusOrder decides equal times, and only if both have one", async () => {
    const both = await fold(
      anUpdate({ status: "delivered", providerOrder: 1 }),
      anUpdate({ status: "sent", providerOrder: 2 }),
    );
    expect(both.history.map((event) => event.status)).toEqual(["delivered", "sent"]);
    const one = await fold(anUpdate({ status: "delivered", providerOrder: 1 }), anUpdate({ status: "sent" }));
    expect(one.history.map((event) => event.status)).toEqual(["sent", "delivered"]);
  });

  test("statusOrder never outranks the time", async () => {
    const message = await fold(
      anUpdate({ status: "read", providerOrder: 1, ...at("2026-11-21T10:01:00Z") }),
      anUpdate({ status: "delivered", providerOrder: 9 }),
    );
    expect(message.history.map((event) => event.status)).toEqual(["delivered", "read"]);
  });

  test("a late sent leaves failed alone", async () => {
    const message = await fold(
      anUpdate({ status: "failed", reason: aReason() }),
      anUpdate({ status: "sent", ...at("2026-11-21T11:00:00Z") }),
    );
    expect(message).toMatchObject({ status: "failed", reason: aReason(), contradicted: false, final: true });
    expect(message.history.find((event) => event.status === "sent")?.effect).toBe("late");
  });

  test.each([
    ["after", ["failed", "delivered"], "advanced"],
    ["before", ["delivered", "failed"], "contradicted"],
  ] as const)("delivered %s failed: delivered, and contradicted", async (_, order, effect) => {
    const message = await fold(
      ...order.map((status) => anUpdate({ status, reason: status === "failed" ? aReason() : null })),
    );
    expect(message).toMatchObject({ status: "delivered", contradicted: true, reason: null, final: false });
    expect(message.history.find((event) => event.version === 2)?.effect).toBe(effect);
  });

  test("a failure without a reason does not blank the one known", async () => {
    const message = await fold(
      anUpdate({ status: "failed", reason: aReason() }),
      anUpdate({ status: "failed", ...at("2026-11-21T10:05:00Z") }),
    );
    expect(message.reason).toEqual(aReason());
    expect(message.statusAt).toBe("2026-11-21T10:00:00.000Z");
  });

  test("of two failures the later one is shown, one with a time before one without", async () => {
    const later = anUpdate({ status: "expired", ...at("2026-11-21T10:05:00Z") });
    const untimed = anUpdate({ status: "failed", occurredAtMs: null, occurredAtText: null });
    expect((await fold(later, anUpdate({ status: "failed" }), untimed)).status).toBe("expired");
    expect((await fold(untimed, anUpdate({ status: "canceled" }))).status).toBe("canceled");
  });

  test("of failures at one time the greater order, then the precedence decides", async () => {
    expect((await fold(anUpdate({ status: "not_sent" }), anUpdate({ status: "failed" }))).status).toBe(
      "failed",
    );
    const ordered = await fold(
      anUpdate({ status: "not_sent", providerOrder: 2 }),
      anUpdate({ status: "failed", providerOrder: 1 }),
    );
    expect(ordered.status).toBe("not_sent");
  });

  test("unconfirmed beats sent, loses to delivered and to a real failure, and contradicts nothing", async () => {
    const unconfirmed = anUpdate({ status: "unconfirmed", reason: aReason() });
    expect(await fold(unconfirmed, anUpdate({ status: "sent" }))).toMatchObject({
      status: "unconfirmed",
      reason: aReason(),
      final: false,
    });
    expect(await fold(unconfirmed, anUpdate({ status: "delivered" }))).toMatchObject({
      status: "delivered",
      contradicted: false,
      reason: null,
    });
    expect((await fold(unconfirmed, anUpdate({ status: "not_sent" }))).status).toBe("not_sent");
  });

  test("a note first of all: unknown, then what the next update says", async () => {
    const note = anUpdate({ status: "clicked" });
    expect(await fold(note)).toMatchObject({ status: "unknown", statusAt: null, parts: [], version: 1 });
    const message = await fold(note, anUpdate({ status: "sent" }));
    expect(message).toMatchObject({ status: "sent", version: 2 });
    expect(
      message.history.map(({ status, previous, current, effect }) => [status, previous, current, effect]),
    ).toEqual([
      ["clicked", null, "unknown", "noted"],
      ["sent", "unknown", "sent", "advanced"],
    ]);
  });

  test("of notes alone deleted is shown, with its time", async () => {
    const message = await fold(anUpdate({ status: "clicked" }), anUpdate({ status: "deleted" }));
    expect(message).toMatchObject({ status: "deleted", deletedAt: "2026-11-21T10:00:00.000Z" });
    expect((await fold(anUpdate({ status: "sent" }), anUpdate({ status: "deleted" }))).status).toBe("sent");
  });

  test("a corrected recipient wins over every other", async () => {
    const message = await fold(
      anUpdate({ status: "recipient_corrected", recipient: "+1", occurredAtMs: null, occurredAtText: null }),
      anUpdate({ status: "delivered", recipient: "+2", ...at("2026-11-21T11:00:00Z") }),
    );
    expect(message.recipient).toBe("+1");
  });

  test("metadata is merged key by key in decision order, a key named __proto__ included", async () => {
    const message = await fold(
      anUpdate({ status: "read", ...at("2026-11-21T10:01:00Z"), metadata: { a: "late" } }),
      anUpdate({ status: "sent", metadata: { a: "early", b: 1, ["__proto__"]: "own" } }),
    );
    expect(JSON.stringify(message.metadata)).toBe('{"a":"late","b":1,"__proto__":"own"}');
  });

  test("a time before 2009, or more than a day ahead, is no time", async () => {
    const early = await fold(anUpdate({ ...at("2008-12-31T23:59:59Z") }));
    expect(early.history[0]).toMatchObject({ timeSource: "received", occurredAt: receivedAt });
    expect(early).toMatchObject({ statusAt: null, firstAt: {} });
    const ahead = await fold(anUpdate({ ...at("9999-01-01T00:00:00Z") }));
    expect(ahead.history[0]?.timeSource).toBe("received");
    const withinADay = await fold(anUpdate({ ...at("2026-11-22T12:00:00Z") }));
    expect(withinADay.history[0]?.timeSource).toBe("provider");
  });
});

const part = (
  number: number,
  status: Update["status"],
  time = "2026-11-21T10:00:00Z",
  more: Partial<Update> = {},
) => anUpdate({ status, part: { number, total: 3 }, ...at(time), ...more });

describe("a message of several parts", () => {
  test("shows its least advanced known part, and steps back only for a part first heard of", async () => {
    const message = await fold(part(1, "read"), part(2, "sent", "2026-11-21T10:02:00Z"));
    expect(message).toMatchObject({
      status: "sent",
      statusAt: "2026-11-21T10:02:00.000Z",
      partial: true,
      partsTotal: 3,
    });
    expect(message.parts.map(({ number, status }) => [number, status])).toEqual([
      [1, "read"],
      [2, "sent"],
    ]);
    expect(message.history.map(({ messageStatus, current }) => [current, messageStatus])).toEqual([
      ["read", "read"],
      ["sent", "sent"],
    ]);
  });

  test("shows the first of its real failures", async () => {
    const message = await fold(
      part(1, "read"),
      part(2, "failed", "2026-11-21T10:01:00Z", { reason: aReason({ code: "1" }) }),
      part(3, "expired", "2026-11-21T10:02:00Z", { reason: aReason({ code: "2" }) }),
    );
    expect(message).toMatchObject({ status: "expired", reason: { code: "2" }, final: true });
  });

  test("is dated by the latest part that shows its status", async () => {
    const message = await fold(part(1, "delivered"), part(2, "delivered", "2026-11-21T10:09:00Z"));
    expect(message).toMatchObject({ statusAt: "2026-11-21T10:09:00.000Z", partial: false });
    expect(message.firstAt).toEqual({ delivered: "2026-11-21T10:00:00.000Z" });
  });

  test("is final only when all its parts are known and read", async () => {
    expect((await fold(part(1, "read"), part(2, "read"))).final).toBe(false);
    expect((await fold(part(1, "read"), part(2, "read"), part(3, "played"))).final).toBe(true);
  });

  test("counts an unconfirmed part with the progress it had", async () => {
    const message = await fold(part(1, "queued"), part(2, "sent"), part(2, "unconfirmed"));
    expect(message.status).toBe("queued");
    expect((await fold(part(1, "delivered"), part(2, "sent"), part(2, "unconfirmed"))).status).toBe(
      "unconfirmed",
    );
  });

  test("does not list a part of which only notes are known", async () => {
    const message = await fold(part(1, "delivered"), part(2, "clicked"));
    expect(message).toMatchObject({ status: "delivered", partial: false });
    expect(message.parts).toHaveLength(1);
  });
});

describe("a ledger", () => {
  test("holds 500 events and counts the new ones beyond", async () => {
    const updates = await identified(
      Array.from({ length: 503 }, (_, index) => anUpdate({ status: "clicked", providerOrder: index })),
    );
    const { ledger, outcome } = addUpdates(
      emptyLedger,
      { ...request, updates: [...updates, ...updates.slice(0, 2)] },
      receivedAt,
    );
    expect(outcome).toEqual({ recorded: 500, repeated: 2, overflowed: 3 });
    expect(viewMessage(ledger)).toMatchObject({ version: 500, overflow: 3, duplicates: 2 });
  });

  test("knows a repeat by its id, whatever else came between", async () => {
    const [first, second] = await identified([anUpdate(), anUpdate({ status: "read" })]);
    if (first === undefined || second === undefined) throw new Error("two were made");
    const ledger = record([[first], [second], [first, first]]);
    expect(ledger).toMatchObject({ duplicates: 2 });
    expect(ledger.entries).toHaveLength(2);
  });
});
