import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { feedObjectName } from "../../../src/model/record.ts";
import { answerOf, ask, newKey } from "../../support/api.ts";
import { anEvent, someEvents } from "../../support/feedEvents.ts";

const feed = env.FEED.getByName(feedObjectName);
const pageSchema = z.strictObject({
  data: z.array(z.looseObject({ messageId: z.string(), cursor: z.string() })),
  cursor: z.string(),
  upToDate: z.boolean(),
});

async function poll(query: string, key?: string): Promise<z.output<typeof pageSchema>> {
  const response = await ask("GET", `/v1/events${query}`, key === undefined ? {} : { key });
  return answerOf(response, 200, pageSchema);
}

let before: z.output<typeof pageSchema>;

beforeAll(async () => {
  before = await poll("");
  await feed.publish([
    ...someEvents(1, 120),
    anEvent(121, { status: "read", source: "other-source", metadata: { tenant: 42, "a.b": "c" } }),
  ]);
});

test("a feed that has nothing yet is up to date, and its cursor leads to the first event", async () => {
  expect(before).toMatchObject({ data: [], upToDate: true });
  const page = await poll(`?after=${before.cursor}&limit=1`);
  expect(page.data.map(({ messageId }) => messageId)).toEqual(["M1"]);
});

test("pages go on from cursor to cursor until they are up to date", async () => {
  const first = await poll("");
  expect(first.data).toHaveLength(50);
  expect(first).toMatchObject({ upToDate: false, cursor: first.data.at(-1)?.cursor });
  const second = await poll(`?after=${first.cursor}&limit=200`);
  expect(second.data.map(({ messageId }) => messageId)).toEqual(
    Array.from({ length: 71 }, (_, index) => `M${index + 51}`),
  );
  expect(second.upToDate).toBe(true);
  expect(await poll(`?after=${second.cursor}`)).toEqual({ data: [], cursor: second.cursor, upToDate: true });
  expect((await poll("?after=now")).cursor).toBe(second.cursor);
  expect((await poll("?after=earliest&limit=1")).data).toHaveLength(1);
});

test.each([
  "statuses=read",
  "statuses=read&statuses=failed",
  "sources=other-source",
  "metadata.tenant=42",
  "metadata.a.b=c&metadata.tenant=42",
])("the filter %s finds its event, and the cursor passes all others", async (query) => {
  const page = await poll(`?${query}`);
  expect(page.data.map(({ messageId }) => messageId)).toEqual(["M121"]);
  expect(page).toMatchObject({ cursor: await feed.head(), upToDate: true });
});

test.each([
  ["status=read", "status"],
  ["statuses=seen", "statuses[0]"],
  ["limit=0", "limit"],
  ["limit=201", "limit"],
  ["limit=ten", "limit"],
  ["after=yesterday", "after"],
  ["after=now&after=earliest", "after"],
  ["metadata=x", "metadata"],
])("%s is refused at %s", async (query, path) => {
  const response = await ask("GET", `/v1/events?${query}`);
  const body = await answerOf(
    response,
    422,
    z.looseObject({ errors: z.array(z.looseObject({ path: z.string() })) }),
  );
  expect(body.errors.map((issue) => issue.path)).toEqual([path]);
});

test("a cursor of another epoch, or ahead of the feed, is gone", async () => {
  const head = await feed.head();
  for (const cursor of ["aaaaaaaaaaaa.1", `${head.split(".")[0]}.zzzz`]) {
    expect((await ask("GET", `/v1/events?after=${cursor}`)).status).toBe(410);
  }
});

test("a bound key polls its own sources only, and needs messages:read", async () => {
  const { key } = await newKey(["messages:read"], ["other-source"]);
  expect((await poll("?limit=200", key)).data.map(({ messageId }) => messageId)).toEqual(["M121"]);
  expect((await poll("?sources=acme-nifteem", key)).data).toEqual([]);
  const follower = await newKey(["feed:read"]);
  expect((await ask("GET", "/v1/events", { key: follower.key })).status).toBe(403);
});
