import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { feedObjectName } from "../../../src/model/record.ts";
import { ask } from "../../support/api.ts";
import { anEvent } from "../../support/feedEvents.ts";

/** As releases before 22 November 2026 wrote them. */
async function withBareIds(): Promise<void> {
  await runInDurableObject(feed, (_, { storage }) => {
    for (const { last_place, ids } of storage.sql.exec("SELECT last_place, ids FROM batches").toArray()) {
      const bare = typeof ids === "string" ? ids.replaceAll(/ .*/g, "") : null;
      storage.sql.exec("UPDATE batches SET ids = ? WHERE last_place = ?", bare, last_place);
    }
  });
  await evictDurableObject(feed);
}

const feed = env.FEED.getByName(feedObjectName);

async function feedText(): Promise<string> {
  return (await ask("GET", "/v1/events?after=earliest&limit=200")).text();
}

test("an erasure empties the places of its message's life, and never those of the next one", async () => {
  const nowMs = Date.now();
  const [earlier, later] = [nowMs - 60_000, nowMs].map((ms) => new Date(ms).toISOString());
  if (earlier === undefined || later === undefined) throw new Error("unreachable");
  // The provider told the same once more, after the erasure had read what there was to erase.
  const event = anEvent(1, { receivedAt: later, recipient: "+39-of-the-next-life" });
  const other = anEvent(2, { receivedAt: earlier, recipient: "+39-erased" });
  await feed.publish([event, other]);
  await feed.erase([{ ...event, receivedAt: earlier }, other]);
  expect(await feedText()).toContain("+39-of-the-next-life");
  expect(await feedText()).not.toContain("+39-erased");
  await feed.erase([event]);
  expect(await feedText()).not.toContain("+39-of-the-next-life");
});

test("a message that was erased and is told of again enters the feed again, and its repeats do not", async () => {
  const nowMs = Date.now();
  const erased = anEvent(3, {
    receivedAt: new Date(nowMs - 60_000).toISOString(),
    recipient: "+39-first-life",
  });
  const again = { ...erased, receivedAt: new Date(nowMs).toISOString(), recipient: "+39-second-life" };
  await feed.publish([erased]);
  await feed.erase([erased]);
  const place = await feed.head();
  // What the queue still brings of the first life stays a repeat.
  await feed.publish([erased, again, again]);
  await feed.publish([again, erased]);
  const page = await ask("GET", `/v1/events?after=${place}&limit=200`);
  expect(await page.json()).toMatchObject({ data: [{ id: erased.id, recipient: "+39-second-life" }] });
});

test("rows that an older release wrote keep out repeats, and are erased, like others", async () => {
  const receivedAt = new Date().toISOString();
  const [kept, erased, gone] = [4, 5, 6].map((number) =>
    anEvent(number, { receivedAt, recipient: `+39-old-${number}` }),
  );
  if (kept === undefined || erased === undefined || gone === undefined) throw new Error("unreachable");
  await feed.publish([gone, kept, erased]);
  await feed.erase([gone]);
  await withBareIds();
  const place = await feed.head();
  await feed.publish([kept, erased]);
  expect(await feed.head()).toBe(place);
  await feed.erase([erased]);
  expect(await feedText()).toContain("+39-old-4");
  expect(await feedText()).not.toContain("+39-old-5");
  expect(await feedText()).not.toContain("+39-old-6");
});
