import { describe, expect, test } from "vitest";
import { ask } from "../../support/api.ts";
import { freshMessageId, recordUpdates } from "../../support/messages.ts";
import { aReason, anUpdate, at, source } from "../../support/updates.ts";

async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return ask("GET", path, { headers });
}

async function list(query: string): Promise<{ data: { messageId: string }[]; nextCursor: string | null }> {
  const response = await get(`/v1/messages?${query}`);
  expect(response.status).toBe(200);
  return response.json();
}

async function idsOf(query: string): Promise<string[]> {
  return (await list(query)).data.map(({ messageId }) => messageId);
}

describe("GET /v1/messages/{source}/{messageId}", () => {
  test("shows what was just answered, with history and a weak tag of the version", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [anUpdate({ status: "read" }), anUpdate({ status: "delivered" })]);
    const response = await get(`/v1/messages/${source}/${id}`);
    expect(response.headers.get("ETag")).toBe('W/"2"');
    expect(await response.json()).toMatchObject({
      source,
      messageId: id,
      status: "read",
      version: 2,
      history: [{ status: "delivered" }, { status: "read" }],
    });
    expect((await get(`/v1/messages/${source}/${id}`, { "If-None-Match": 'W/"2"' })).status).toBe(304);
  });

  test.each(["a/b=c+d", "emoji 🙂", "wamid.HBg/MOT==", "100%", "x".repeat(512)])(
    "finds the id %j, percent-encoded",
    async (id) => {
      await recordUpdates(id, [anUpdate()]);
      const response = await get(`/v1/messages/${source}/${encodeURIComponent(id)}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ messageId: id });
    },
  );

  test("answers 404 for what is not known", async () => {
    expect((await get(`/v1/messages/${source}/none`)).status).toBe(404);
  });
});

describe("GET /v1/messages", () => {
  test("finds by recipient, group, alias, status, id and time, newest activity first", async () => {
    const [first, second] = [freshMessageId(), freshMessageId()];
    const recipient = `+${crypto.randomUUID()}`;
    const more = { recipient, group: `G ${first}`, aliases: [`wamid.${first}`], channel: "sms" };
    await recordUpdates(first, [anUpdate({ status: "sent", ...more })]);
    await recordUpdates(second, [anUpdate({ status: "failed", reason: aReason(), recipient })]);
    const ofRecipient = `recipient=${encodeURIComponent(recipient)}`;
    await expect.poll(() => idsOf(ofRecipient)).toEqual([second, first]);
    await recordUpdates(first, [anUpdate({ status: "read", ...more })]);
    await expect.poll(() => idsOf(ofRecipient)).toEqual([first, second]);
    expect(await idsOf(`${ofRecipient}&status=read`)).toEqual([first]);
    for (const channel of ["sms", "SMS"]) {
      expect(await idsOf(`${ofRecipient}&channel=${channel}`)).toEqual([first]);
    }
    expect(await idsOf(`${ofRecipient}&reason=131026`)).toEqual([second]);
    expect(await idsOf(`${ofRecipient}&since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z`)).toEqual([]);
    expect(await idsOf(`group=${encodeURIComponent(`G ${first}`)}`)).toEqual([first]);
    expect(await idsOf(`alias=wamid.${first}`)).toEqual([first]);
    expect(await idsOf(`messageId=${second}&source=${source}&provider=nifteem`)).toEqual([second]);
    expect(await idsOf(`${ofRecipient}&source=other`)).toEqual([]);
    expect((await list(ofRecipient)).data[0]).not.toHaveProperty("history");
  });

  test("pages without a gap or a repeat, and says where the feed stands", async () => {
    const recipient = `+${crypto.randomUUID()}`;
    const ids = Array.from({ length: 5 }, freshMessageId);
    for (const id of ids) await recordUpdates(id, [anUpdate({ recipient })]);
    const query = `recipient=${encodeURIComponent(recipient)}&limit=2`;
    await expect.poll(() => idsOf(query.replace("limit=2", "limit=200"))).toHaveLength(5);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await list(`${query}&cursor=${cursor}`);
      expect(page).toHaveProperty("cursor");
      seen.push(...page.data.map(({ messageId }) => messageId));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  test.each([
    "limit=0",
    "limit=201",
    "limit=x",
    "cursor=%%%",
    "cursor=e30",
    "status=nonsense",
    "since=yesterday",
    "colour=red",
  ])("refuses %s and names it", async (query) => {
    const response = await get(`/v1/messages?${query}`);
    expect(response.status).toBe(422);
    const { errors } = await response.json<{ errors: { path: string }[] }>();
    expect(errors[0]?.path).toBe(query.split("=")[0]);
  });
});

describe("GET /v1/groups/{source}/{group}", () => {
  test("is the funnel of a dispatch", async () => {
    const group = `dispatch/${crypto.randomUUID()}`;
    const failed = { status: "failed", reason: aReason(), group } as const;
    await recordUpdates(freshMessageId(), [anUpdate({ status: "read", group })]);
    await recordUpdates(freshMessageId(), [anUpdate(failed)]);
    await recordUpdates(freshMessageId(), [anUpdate({ ...failed, ...at("2026-11-21T11:00:00Z") })]);
    const path = `/v1/groups/${source}/${encodeURIComponent(group)}`;
    await expect
      .poll(async () => (await get(path)).json())
      .toMatchObject({
        total: 3,
        byStatus: { failed: 2, read: 1 },
        reasons: [{ code: "131026", text: "Message undeliverable", count: 2 }],
      });
    expect((await get(`/v1/groups/${source}/none`)).status).toBe(404);
  });
});

test.each([
  "/v1/messages?source=&provider=&status=&since=&limit=&cursor=",
  "/v1/overview?since=",
  "/v1/events?after=&sources=&limit=",
  "/v1/rejected?source=&limit=",
])("a parameter without a value asks for nothing: %s", async (path) => {
  const response = await get(path);
  expect(response.status).toBe(200);
});
