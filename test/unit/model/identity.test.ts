import { expect, test } from "vitest";
import { identify } from "../../../src/model/identity.ts";
import type { Update } from "../../../src/model/update.ts";
import { aReason, anUpdate } from "../../support/updates.ts";

const known = anUpdate({ reason: aReason() });

async function sameAs(change: Partial<Update>, of: Update = known): Promise<boolean> {
  return (await identify("a-source", { ...of, ...change })) === (await identify("a-source", of));
}

test("an event's id is `evt_` and a hash, another one at another source", async () => {
  const id = await identify("a-source", known);
  expect(id).toMatch(/^evt_[0-9a-f]{32}$/);
  expect(await identify("another-source", known)).not.toBe(id);
});

test.each<[string, Partial<Update>]>([
  ["the message", { messageId: "M2" }],
  ["the part", { part: { number: 2, total: 1 } }],
  ["the channel", { channel: "sms" }],
  ["the recipient", { recipient: "+39000" }],
  ["the status", { status: "read" }],
  ["the provider's time as text", { occurredAtText: "2026-11-21T10:00:00+00:00" }],
  ["the provider's order", { providerOrder: 1 }],
  ["the reason's code", { reason: aReason({ code: "1" }) }],
  ["the provider's id of the event", { providerEventId: "e1" }],
])("%s makes another event", async (_, change) => {
  expect(await sameAs(change)).toBe(false);
});

test.each<[string, Partial<Update>]>([
  ["aliases", { aliases: ["A1"] }],
  ["a group", { group: "G1" }],
  ["how many parts there are", { part: { number: 1, total: 3 } }],
  ["the provider's word for a status that we know", { providerStatus: "Delivered to handset" }],
  ["the time as we read it", { occurredAtMs: 0 }],
  [
    "what the reason says beside its code",
    { reason: aReason({ kind: "media", text: "x", permanent: false }) },
  ],
  ["metadata", { metadata: { attempt: 2 } }],
  ["the item itself", { raw: { attempt: 2 }, rawTruncated: true }],
])("%s: a repeat stays a repeat", async (_, change) => {
  expect(await sameAs(change)).toBe(true);
});

test("of a status that nobody knows, the provider's word makes another event", async () => {
  const unknown = anUpdate({ status: "unknown", providerStatus: "PONDERED" });
  expect(await sameAs({ providerStatus: "MULLED" }, unknown)).toBe(false);
});
