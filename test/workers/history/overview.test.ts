import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { countActive, readCounts, rollUp } from "../../../src/history/overview/store.ts";
import { ask, newKey } from "../../support/api.ts";
import { connect } from "../../support/feed.ts";
import { countedDatabase, givenMessageRows } from "../../support/database.ts";
import { freshMessageId, recordUpdates, withBindings } from "../../support/messages.ts";
import { aReason, anUpdate, at } from "../../support/updates.ts";

async function overview(query = ""): Promise<Response> {
  return ask("GET", `/v1/overview${query}`);
}

async function openSocketsFor(key: string = env.ROOT_KEY): Promise<number> {
  const response = await ask("GET", "/v1/overview", { key });
  return z.object({ openSockets: z.int() }).parse(await response.json()).openSockets;
}

const sent = anUpdate({ status: "sent", ...at("2026-11-21T10:00:00Z") });
const delivered = anUpdate({ status: "delivered", ...at("2026-11-21T10:00:04Z") });
const read = anUpdate({ status: "read", ...at("2026-11-21T10:01:00Z") });

async function play(): Promise<void> {
  const [first, second] = [freshMessageId(), freshMessageId()];
  await recordUpdates(first, [delivered]);
  await recordUpdates(first, [delivered, sent]);
  await recordUpdates(first, [read]);
  await recordUpdates(second, [anUpdate({ status: "failed", reason: aReason() })]);
}

describe("GET /v1/overview", () => {
  test("counts statuses, repeats, late ones, reasons, latencies and the funnel, rolled up or not", async () => {
    await play();
    const expected = {
      totals: {
        events: 4,
        messages: 2,
        repeats: 1,
        late: 1,
        contradicted: 0,
        byStatus: { sent: 1, delivered: 1, read: 1, failed: 1 },
      },
      funnel: { total: 2, sent: 1, delivered: 1, read: 1, failed: 1 },
      latencies: {
        sentToDelivered: { p50Ms: 5_000, p95Ms: 5_000, count: 1 },
        deliveredToRead: { p50Ms: 60_000, p95Ms: 60_000, count: 1 },
      },
      reasons: [{ kind: "recipient", code: "131026", text: "Message undeliverable", count: 1 }],
      bySource: [{ source: "acme-nifteem", events: 4, messages: 2, failed: 1, repeats: 1, late: 1 }],
      openSockets: 0,
    };
    await expect.poll(async () => (await overview()).json()).toMatchObject(expected);
    const now = Date.now();
    const span = [new Date(now - 120_000).toISOString(), new Date(now + 60_000).toISOString()] as const;
    await rollUp(env.DB, ...span);
    await rollUp(env.DB, ...span);
    expect(await (await overview()).json()).toMatchObject(expected);
  });

  test("counts all open streams; for a bound key only those that it opened", async () => {
    const scopes = ["messages:read", "feed:read"] as const;
    const bound = await newKey(scopes, ["acme-nifteem"]);
    const idle = await newKey(scopes, ["acme-nifteem"]);
    const unbound = await newKey(scopes);
    const sockets = [
      await connect(),
      await connect("/v1/stream", { Authorization: `Bearer ${bound.key}` }),
      await connect("/v1/stream", { Authorization: `Bearer ${unbound.key}` }),
    ];
    expect(await openSocketsFor()).toBe(3);
    expect(await openSocketsFor(unbound.key)).toBe(3);
    expect(await openSocketsFor(bound.key)).toBe(1);
    expect(await openSocketsFor(idle.key)).toBe(0);
    for (const socket of sockets) socket.close();
  });

  test.each(["?since=2020-01-01T00:00:00Z", "?since=soon", "?since=2999-01-01T00:00:00Z"])(
    "refuses %s",
    async (query) => {
      const response = await overview(query);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ path: "since" }] });
    },
  );
});

test("what is kept from before the span costs nothing: only rows of the span are read", async () => {
  const hourMs = 60 * 60 * 1000;
  const since = new Date(Date.now() - hourMs).toISOString();
  const rowsRead = async () => {
    const counted = countedDatabase();
    const { DB } = withBindings({ DB: counted.DB });
    await countActive(DB, since, null);
    await readCounts(DB, since, false, null);
    return counted.read.rows;
  };
  await givenMessageRows(100, "new-", new Date().toISOString());
  const few = await rowsRead();
  await givenMessageRows(5_000, "old-", new Date(Date.now() - 30 * 24 * hourMs).toISOString());
  expect(await rowsRead()).toBe(few);
  expect(few).toBeLessThan(500);
});
