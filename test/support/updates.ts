/** Builders of updates, and the arbitrary ones of the property tests. */
import * as fc from "fast-check";
import { identify } from "../../src/model/identity.ts";
import type { Reason } from "../../src/model/reason.ts";
import { type Status, statuses } from "../../src/model/status.ts";
import type { IdentifiedUpdate, Update } from "../../src/model/update.ts";

export const source = "acme-nifteem";

export function at(time: string): Pick<Update, "occurredAtMs" | "occurredAtText"> {
  return { occurredAtMs: Date.parse(time), occurredAtText: time };
}

export function aReason(reason: Partial<Reason> = {}): Reason {
  return { kind: "recipient", code: "131026", text: "Message undeliverable", permanent: true, ...reason };
}

export function anUpdate(update: Partial<Update> = {}): Update {
  return {
    messageId: "M1",
    aliases: [],
    group: null,
    part: { number: 1, total: 1 },
    channel: null,
    recipient: null,
    status: "delivered",
    providerStatus: (update.status ?? "delivered").toUpperCase(),
    ...at("2026-11-21T10:00:00Z"),
    providerOrder: null,
    reason: null,
    metadata: {},
    raw: null,
    rawTruncated: false,
    providerEventId: null,
    ...update,
  };
}

export async function identified(updates: readonly Update[]): Promise<IdentifiedUpdate[]> {
  return Promise.all(updates.map(async (update) => ({ ...update, eventId: await identify(source, update) })));
}

const untimed = { occurredAtMs: null, occurredAtText: null };
/** Few values of everything, so that ties and contradictions are the rule. */
const times = [
  untimed,
  at("2026-11-21T10:00:00Z"),
  at("2026-11-21T10:00:01Z"),
  at("2026-11-21T10:00:02.500Z"),
  at("1999-01-01T00:00:00Z"),
];
const reasons = [
  null,
  aReason(),
  aReason({ kind: "window", code: "470", text: null }),
  aReason({ kind: "unknown", code: null, text: null, permanent: null }),
];

const arbitraryUpdate: fc.Arbitrary<Update> = fc
  .record({
    status: fc.constantFrom<Status>(...statuses),
    time: fc.constantFrom(...times),
    number: fc.integer({ min: 1, max: 3 }),
    total: fc.integer({ min: 1, max: 3 }),
    providerOrder: fc.constantFrom(null, 1, 2),
    reason: fc.constantFrom(...reasons),
    channel: fc.constantFrom(null, "sms", "rcs"),
    recipient: fc.constantFrom(null, "+390000000", "+390000001"),
    group: fc.constantFrom(null, "G1", "G2"),
    metadata: fc.constantFrom({}, { tenant: "1" }, { tenant: "2", order: 7 }, { ["__proto__"]: "own" }),
    aliases: fc.subarray(["wamid.1", "gs-1"]),
  })
  .map(({ time, number, total, ...update }) =>
    // A reason goes with a failure; the total of a part may differ between its updates.
    anUpdate({ ...update, ...time, part: { number, total: Math.max(number, total) } }),
  );

/** Updates that are different events: no two agree in everything that an event's id is made of. */
export function arbitraryUpdates(maxLength: number): fc.Arbitrary<Update[]> {
  return fc.uniqueArray(arbitraryUpdate, {
    minLength: 1,
    maxLength,
    selector: ({ status, part, providerOrder, occurredAtText, reason, channel, recipient }) =>
      JSON.stringify([status, part.number, providerOrder, occurredAtText, reason?.code, channel, recipient]),
  });
}
