import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../../src/model/event.ts";
import type { Status } from "../../../src/model/status.ts";
import { anEvent } from "../../support/feedEvents.ts";
import { aFeed, aFollower } from "../../support/feedModel.ts";

const statuses: readonly Status[] = ["sent", "delivered", "read"];
const filters: readonly { statuses?: Status[] }[] = [{}, { statuses: ["read"] }, { statuses: ["failed"] }];
const aFew = fc.integer({ min: 1, max: 20 });
const many = fc.integer({ min: 200, max: 600 });
const client = fc.nat(filters.length - 1);

type Step =
  | { kind: "publish"; count: number }
  | { kind: "redeliver"; back: number; count: number }
  | { kind: "wait"; seconds: number }
  | { kind: "read"; client: number; count: number }
  | { kind: "ack" | "disconnect"; client: number }
  | { kind: "evict" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("publish"),
      count: fc.oneof({ weight: 4, arbitrary: aFew }, { weight: 1, arbitrary: many }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("redeliver"), back: fc.nat(900), count: aFew }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait"), seconds: fc.nat(120) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("evict") }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("read"), client, count: fc.nat(6) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("ack", "disconnect"), client }) },
);

test("whatever is published, repeated, evicted, cut and resumed, each client gets each matching event once, in order", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (schedule) => {
      let nowMs = Date.UTC(2026, 10, 21);
      const feed = aFeed({ now: () => nowMs });
      const clients = filters.map((filter) => aFollower(feed, filter, "earliest"));
      const published: Event[] = [];
      for (const one of schedule) {
        if (one.kind === "publish") {
          // Received up to a while before: some of it waited in the queue.
          const receivedAt = new Date(nowMs - one.count * 100).toISOString();
          const events = Array.from({ length: one.count }, (_, index) => {
            const number = published.length + index + 1;
            return anEvent(number, { status: statuses[number % statuses.length] ?? "sent", receivedAt });
          });
          published.push(...events);
          feed.publish(events);
        } else if (one.kind === "redeliver") {
          const from = Math.max(0, published.length - one.back);
          feed.publish(published.slice(from, from + one.count));
        } else if (one.kind === "wait") nowMs += one.seconds * 1000;
        else if (one.kind === "evict") feed.evict();
        else if (one.kind === "read") clients[one.client]?.read(one.count);
        else if (one.kind === "ack") clients[one.client]?.ack();
        else clients[one.client]?.disconnect();
      }
      for (const [index, follower] of clients.entries()) {
        follower.drain();
        const wanted = filters[index]?.statuses;
        const matching = published.filter(({ status }) => wanted === undefined || wanted.includes(status));
        expect(follower.received).toEqual(matching.map(({ id }) => id));
      }
    }),
    { numRuns: 1_000 },
  );
}, 120_000);
