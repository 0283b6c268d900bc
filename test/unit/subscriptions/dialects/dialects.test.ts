import { describe, expect, it } from "vitest";
import type { Event } from "../../../../src/model/event.ts";
import { type Json, jsonSchema } from "../../../../src/model/json.ts";
import { dialects } from "../../../../src/subscriptions/dialects/index.ts";
import { anEvent } from "../../../support/events.ts";
import { aReason } from "../../../support/updates.ts";

const nifteemBody = {
  event: "DISPATCH_STATUS",
  module: "BROADCAST",
  dispatchId: "0FCB1XXXVEABC",
  messageId: "0FCB1ABCVEXYZ",
  messagePart: 2,
  messageTotalParts: 3,
  channel: "RCS",
  channelIdentifier: "+390000000",
  status: "DELIVERED",
  statusOrder: 10,
  statusDate: "2024-01-01T14:30:00Z",
  dispatchMetadata: { key: "value" },
  recipientMetadata: { key: "other" },
  addedTomorrow: { kept: true },
};

const callbellBody = {
  event: "message_status_updated",
  payload: {
    uuid: "adf3d1216d4c4dcd908199d6700f2381",
    status: "read",
    contact: { name: "John Doe", tags: ["Lead"], source: "whatsapp", phoneNumber: "331122334455" },
    metadata: { order: "7" },
    messageStatusPayload: { id: "gBGG", gsId: "2b34", type: "read", payload: { ts: 1686563913 } },
  },
};

const texterBody = {
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
    externalId: ["wamid.1"],
  },
};

function said(format: keyof typeof dialects, event: Partial<Event>): Json {
  const rendering = dialects[format].render(anEvent(event));
  return rendering === null ? null : jsonSchema.parse(JSON.parse(rendering.body ?? ""));
}

function toldTexter(status: Event["status"], reason: Event["reason"]): Json {
  return said("texter", { status, reason });
}

describe("a body of the provider's own", () => {
  it("goes out as it came, fields that we do not know included", () => {
    const { messageId } = nifteemBody;
    expect(said("nifteem", { provider: "nifteem", messageId, raw: nifteemBody })).toEqual(nifteemBody);
    expect(said("callbell", { provider: "callbell", status: "read", raw: callbellBody })).toEqual(
      callbellBody,
    );
    const texter = said("texter", {
      provider: "texter",
      messageId: "wamid.1",
      status: "read",
      raw: texterBody,
    });
    expect(texter).toEqual(texterBody);
  });

  it("is not mistaken for one where another provider's item looks alike", () => {
    expect(said("nifteem", { provider: "meta", messageId: "M1", raw: nifteemBody })).toMatchObject({
      messageId: "M1",
    });
    expect(said("callbell", { raw: callbellBody })).toMatchObject({ payload: { uuid: "M1" } });
    expect(said("texter", { raw: texterBody })).toMatchObject({ eventData: { externalId: ["M1"] } });
  });

  it("of several messages goes out once for each, with its own id", () => {
    const raw = { ...texterBody, eventData: { ...texterBody.eventData, externalId: ["wamid.1", "wamid.2"] } };
    const second = said("texter", { provider: "texter", messageId: "wamid.2", status: "read", raw });
    expect(second).toEqual({
      ...texterBody,
      eventData: { ...texterBody.eventData, externalId: ["wamid.2"] },
    });
  });

  it("that Texter's template turned to text gets the documented types, and keeps its chat", () => {
    const { chat } = texterBody.eventData;
    const raw = {
      eventName: "messageStatusChanged",
      eventData: {
        chat,
        messageStatus: "4",
        error: "null",
        timestamp: "1768141074000",
        externalId: '["wamid.1"]',
      },
    };
    const event = {
      messageId: "wamid.1",
      status: "failed",
      reason: null,
      occurredAt: "2026-01-11T14:17:54.000Z",
    } as const;
    expect(said("texter", { provider: "texter", ...event, raw })).toEqual({
      ...texterBody,
      eventData: { ...texterBody.eventData, messageStatus: 4 },
    });
  });

  it.each([4, 5])("with %i and no error has none afterwards either", (code) => {
    const kind = code === 5 ? "channel" : "unknown";
    const reason = code === 5 ? aReason({ kind, code: null, text: null }) : null;
    const event = {
      provider: "texter",
      status: "failed",
      providerStatus: String(code),
      reason,
      raw: null,
    } as const;
    expect(said("texter", event)).toMatchObject({ eventData: { messageStatus: code, error: null } });
  });

  it("whose chat is text has the chat that the text says", () => {
    const { chat } = texterBody.eventData;
    const raw = { ...texterBody, eventData: { ...texterBody.eventData, chat: JSON.stringify(chat) } };
    expect(said("texter", { provider: "texter", metadata: { chat }, raw })).toMatchObject({
      eventData: { chat },
    });
  });

  it("too large to keep is translated, with Texter's chat if that was kept", () => {
    const { chat } = texterBody.eventData;
    const event = { provider: "texter", messageId: "wamid.1", metadata: { chat }, raw: null } as const;
    expect(said("texter", event)).toMatchObject({
      eventData: { chat, messageStatus: 2, externalId: ["wamid.1"] },
    });
  });
});

describe("another provider's event", () => {
  const event = {
    provider: "meta",
    messageId: "wamid.X",
    group: "campaign-1",
    part: { number: 2, total: 3 },
    aliases: ["gs-1"],
    metadata: { tenant: "42" },
    occurredAt: "2026-11-21T10:00:00.250Z",
  };

  it("has all of Nifteem's fields", () => {
    expect(said("nifteem", event)).toEqual({
      event: "DISPATCH_STATUS",
      module: "DISPATCH_API",
      dispatchId: "campaign-1",
      messageId: "wamid.X",
      messagePart: 2,
      messageTotalParts: 3,
      channel: "WHATSAPP",
      channelIdentifier: "+390000000",
      status: "DELIVERED",
      statusOrder: 10,
      statusDate: "2026-11-21T10:00:00.250Z",
      dispatchMetadata: {},
      recipientMetadata: { tenant: "42" },
    });
  });

  it("sorts by Nifteem's statusOrder as it sorts with us, where the times are the same", () => {
    const orders = (["delivered", "read", "failed"] as const).map((status) =>
      said("nifteem", { ...event, status }),
    );
    expect(orders).toMatchObject([{ statusOrder: 10 }, { statusOrder: 11 }, { statusOrder: 17 }]);
    expect(said("nifteem", { ...event, providerOrder: 3 })).toMatchObject({ statusOrder: 3 });
  });

  it("has Callbell's contact, metadata and inner payload", () => {
    expect(said("callbell", event)).toEqual({
      event: "message_status_updated",
      payload: {
        uuid: "wamid.X",
        status: "delivered",
        contact: {
          href: null,
          conversationHref: null,
          name: null,
          tags: [],
          uuid: null,
          source: "whatsapp",
          avatarUrl: null,
          createdAt: null,
          phoneNumber: "+390000000",
        },
        metadata: { tenant: "42" },
        messageStatusPayload: {
          id: "gs-1",
          type: "delivered",
          payload: { ts: 1795255200 },
          destination: "+390000000",
        },
      },
    });
    expect(said("callbell", { ...event, metadata: {} })).not.toHaveProperty("payload.metadata");
  });

  it("tells Callbell's subscribers why it failed", () => {
    const failed = said("callbell", { ...event, status: "expired", reason: aReason() });
    expect(failed).toMatchObject({
      payload: {
        status: "failed",
        messageStatusPayload: { type: "failed", payload: { code: 131026, reason: "Message undeliverable" } },
      },
    });
    const reason = aReason({ code: "E-7" });
    expect(said("callbell", { ...event, status: "failed", reason })).toMatchObject({
      payload: { messageStatusPayload: { payload: { code: "E-7" } } },
    });
  });

  it("has a chat of Texter's, made of recipient and channel", () => {
    expect(said("texter", event)).toEqual({
      eventName: "messageStatusChanged",
      eventData: {
        chat: {
          _id: "acme-nifteem:whatsapp:+390000000",
          displayName: "+390000000",
          channelInfo: { name: "whatsapp", id: "+390000000", accountId: "acme-nifteem" },
        },
        messageStatus: 2,
        error: null,
        timestamp: 1795255200250,
        externalId: ["wamid.X"],
      },
    });
  });

  it("has an error for Texter with 4 and 5 only", () => {
    expect(toldTexter("failed", aReason())).toMatchObject({
      eventData: { messageStatus: 4, error: "Message undeliverable" },
    });
    expect(toldTexter("canceled", aReason({ text: null }))).toMatchObject({
      eventData: { messageStatus: 4, error: "131026" },
    });
    expect(toldTexter("expired", null)).toMatchObject({ eventData: { messageStatus: 4, error: "EXPIRED" } });
    expect(toldTexter("not_sent", aReason({ kind: "channel", text: "down" }))).toMatchObject({
      eventData: { messageStatus: 5, error: "down" },
    });
    expect(toldTexter("read", aReason())).toMatchObject({ eventData: { messageStatus: 3, error: null } });
  });
});
