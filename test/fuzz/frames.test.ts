/** Whatever a client sends over a socket, the session answers within the protocol or ends with a close code. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as limits from "../../src/model/limits.ts";
import { closeCodes } from "../../src/stream/close.ts";
import { attachmentOf } from "../../src/stream/socket.ts";
import { anEvent } from "../support/feedEvents.ts";
import { aFeed, anyone } from "../support/feedModel.ts";
import { asJson, fuzzing, share, timed } from "../support/fuzz.ts";
import { changedJson, edits, oddJson, oddText } from "../support/fuzzBodies.ts";

const id = fc.oneof(fc.constantFrom("a", "b", "m", "__proto__", "x".repeat(64)), oddText);
const after = fc.oneof(
  fc.constantFrom("now", "earliest", "000000000000.0", "000000000001.0", "000000000001.5", "000000000001.zz"),
  fc.stringMatching(/^[0-9a-f]{12}\.[0-9a-z]{1,11}$/),
  oddText,
);
const filter = fc.oneof(
  fc.constantFrom({}, { statuses: ["read"] }, { sources: ["acme-nifteem"] }, { metadata: { a: 1 } }),
  fc.dictionary(fc.constantFrom("statuses", "recipients", "metadata", "effects", "x"), oddJson, {
    maxKeys: 3,
  }),
  oddJson,
);
const goodFrame = fc.oneof(
  fc.record({ type: fc.constant("subscribe"), id, after, filter }, { requiredKeys: ["type", "id"] }),
  fc.record({ type: fc.constant("ack"), id, cursor: after }),
  fc.record({ type: fc.constant("unsubscribe"), id }),
  fc.constantFrom({ type: "ping" }, { type: "auth", token: "a.b" }),
);

type Step =
  | { readonly kind: "frame"; readonly data: string | ArrayBuffer }
  | { readonly kind: "publish"; readonly count: number }
  | { readonly kind: "evict" | "ack" };

const frames: fc.Arbitrary<Step> = fc
  .oneof(
    { weight: 8, arbitrary: goodFrame.map((frame) => JSON.stringify(frame)) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(goodFrame, edits)
        .map(([frame, changes]) => JSON.stringify(changedJson(asJson(frame), changes))),
    },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes).buffer) },
  )
  .map((data) => ({ kind: "frame", data }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: frames },
  { weight: 2, arbitrary: fc.nat(400).map((count): Step => ({ kind: "publish", count })) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: "evict" }, { kind: "ack" }) },
);

const codes = new Set<number>(Object.values(closeCodes));
const sessions = share(10);

test(`${sessions} sessions of odd frames stay within the protocol`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), fc.boolean(), async (steps, bound) => {
      await timed(() => follow(steps, bound));
    }),
    fuzzing(sessions),
  );
});

function follow(steps: readonly Step[], isBound: boolean): void {
  const feed = aFeed({ admission: { ...anyone, sources: isBound ? ["another"] : null } });
  const wire = feed.connect();
  let published = 0;
  for (const one of steps) {
    if (one.kind === "frame") feed.send(wire, one.data);
    else if (one.kind === "evict") feed.evict();
    else if (one.kind === "publish") {
      feed.publish(Array.from({ length: one.count }, (_, index) => anEvent(published + index + 1)));
      published += one.count;
    } else {
      const page = wire.inbox.findLast((frame) => frame.type === "events" && frame.replay);
      if (page?.type === "events") feed.send(wire, { type: "ack", id: page.id, cursor: page.to });
    }
  }
  if (wire.closed !== null) expect(codes).toContain(wire.closed);
  const { state, fixed } = wire.session;
  expect(state.subscriptions.length).toBeLessThanOrEqual(limits.streamSubscriptionsMax);
  // 16 KiB is what the platform takes.
  const { places } = attachmentOf(fixed, state);
  expect(fixed.byteLength + 8 * places.length).toBeLessThan(16 * 1024);
  for (const frame of wire.inbox) {
    expect(JSON.stringify(frame).length).toBeLessThan(limits.streamPageBytesMax + 2_000);
    if (isBound && frame.type === "events") expect(frame.events).toEqual([]);
  }
}
