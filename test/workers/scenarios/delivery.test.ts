import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as z from "zod";
import type { Event } from "../../../src/model/event.ts";
import { shareEvents } from "../../../src/subscriptions/store.ts";
import { answerOf, ask, newKey, newSource } from "../../support/api.ts";
import { type Receivers, receivers } from "../../support/receiver.ts";
import { anImport } from "../../support/scenarios.ts";
import { freshEvent, removeAll, stateOf } from "../../support/subscriptions.ts";

const params = "data.actions[0].params";
const host = "receiver.example";
let world: Receivers;
beforeEach(() => {
  world = receivers();
});
afterEach(async () => {
  await removeAll();
  vi.restoreAllMocks();
});

async function imported(edits: Parameters<typeof anImport>[0] = {}, key?: string): Promise<string> {
  const response = await ask("POST", "/server/api/v2/scenarios/manage/import", {
    body: anImport(edits),
    ...(key !== undefined && { key }),
  });
  return (await answerOf(response, 201, z.looseObject({ _id: z.string() })))._id;
}

async function delivered(scenario: string, event: Event) {
  await shareEvents(env, [event]);
  await expect.poll(() => stateOf(scenario, event.id)).toBe("delivered");
  return world.at(host).at(-1);
}

it("sends exactly the documented payload for a webhook of Texter's", async () => {
  const raw = {
    eventName: "messageStatusChanged",
    eventData: {
      chat: {
        _id: "69072b0233aea8a47f8bad9f",
        displayName: "Josh Dun",
        channelInfo: { name: "whatsapp", id: "972521234567" },
        "...": "...",
      },
      messageStatus: 3,
      error: null,
      timestamp: 1768141074000,
      externalId: ["wamid.HBgMOTcyNTIxMjM0NTY3FQIAERgSMDhGRTVGNEY1MTA0Q0NBMzNEAA=="],
    },
  };
  const messageId = raw.eventData.externalId[0] ?? "";
  const received = await delivered(
    await imported(),
    freshEvent({ provider: "texter", status: "read", messageId, raw }),
  );
  expect(received).toMatchObject({ method: "POST", url: "https://receiver.example/hooks/texter" });
  expect(received?.headers.get("Content-Type")).toBe("application/json");
  expect(JSON.parse(received?.body ?? "")).toEqual(raw);
});

it("sends its headers, the sealed ones too, to the rendered URL by the given method", async () => {
  const scenario = await imported({
    [`${params}.url`]: "https://receiver.example/%messageStatusRequest:status%",
    [`${params}.method`]: "put",
    [`${params}.headers`]: { Authorization: "Bearer s3cret", "X-Status": "%messageStatusRequest:status%" },
    [`${params}.query`]: { id: "%messageStatusRequest:ids%" },
  });
  const received = await delivered(scenario, freshEvent({ messageId: "M/1", status: "read" }));
  expect(received).toMatchObject({ method: "PUT", url: "https://receiver.example/3?id=%5B%22M%2F1%22%5D" });
  expect(Object.fromEntries(received?.headers ?? [])).toMatchObject({
    authorization: "Bearer s3cret",
    "x-status": "3",
  });
});

it("fires for every effect, and for nothing that its conditions or Texter's words leave out", async () => {
  const status = { "##provide": { provider: "messageStatusRequest", key: "status" } };
  const compare = (compareTo: number) => ({
    name: "compare",
    params: { comparison: "Equal", value: status, compareTo },
  });
  const scenario = await imported({ "data.conditions": [[compare(2)], [compare(4)]] });
  const fires = [
    freshEvent({ status: "delivered", effect: "late" }),
    freshEvent({ status: "failed", effect: "contradicted" }),
  ];
  const others = [
    freshEvent({ status: "read" }),
    freshEvent({ status: "unconfirmed" }),
    freshEvent({ type: "message.note", status: "clicked", effect: "noted" }),
  ];
  await shareEvents(env, [...others, ...fires]);
  for (const event of fires) await expect.poll(() => stateOf(scenario, event.id)).toBe("delivered");
  const sent = world.at(host).map(({ headers }) => headers.get("webhook-id"));
  expect(new Set(sent)).toEqual(new Set(fires.map((event) => event.id)));
  expect(sent).toHaveLength(fires.length);
});

it("fires only while it is active", async () => {
  const scenario = await imported({ asStatus: "draft" });
  await shareEvents(env, [freshEvent()]);
  await ask("POST", `/server/api/v2/scenarios/${scenario}/activate`);
  const event = freshEvent();
  await delivered(scenario, event);
  await ask("POST", `/server/api/v2/scenarios/${scenario}/inactivate`);
  await shareEvents(env, [freshEvent()]);
  expect(world.at(host).map(({ headers }) => headers.get("webhook-id"))).toEqual([event.id]);
});

it("fires for the sources that its key may see", async () => {
  const [mine, other] = await Promise.all([newSource(), newSource()]);
  const { key } = await newKey(["subscriptions:write"], [mine.id]);
  const scenario = await imported({}, key);
  const event = freshEvent({ source: mine.id });
  await shareEvents(env, [freshEvent({ source: other.id })]);
  await delivered(scenario, event);
  expect(world.at(host).map(({ headers }) => headers.get("webhook-id"))).toEqual([event.id]);
});
