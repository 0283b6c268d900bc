/** One documented "delivered" of each provider, with a time and an id of now: what the curl line sends. */

export interface SampleWebhook {
  /** Where the provider puts it. */
  readonly as: "json" | "form" | "query";
  readonly fields: object;
}

type Sample = (messageId: string, now: Date) => object;

const meta: Sample = (messageId, now) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "102290129340398",
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550783881", phone_number_id: "106540352242922" },
            statuses: [
              {
                id: messageId,
                status: "delivered",
                timestamp: secondsText(now),
                recipient_id: "16505551234",
              },
            ],
          },
        },
      ],
    },
  ],
});

const samples: Readonly<Record<string, Sample>> = {
  nifteem: (messageId, now) => ({
    event: "DISPATCH_STATUS",
    module: "DISPATCH_API",
    dispatchId: "TRY",
    messageId,
    messagePart: 1,
    messageTotalParts: 1,
    channel: "RCS",
    channelIdentifier: "+390000000",
    status: "DELIVERED",
    statusDate: now.toISOString(),
  }),
  callbell: (messageId, now) => ({
    event: "message_status_updated",
    payload: {
      uuid: messageId,
      status: "delivered",
      contact: { source: "whatsapp", phoneNumber: "331122334455" },
      messageStatusPayload: { type: "delivered", payload: { ts: Math.floor(now.getTime() / 1_000) } },
    },
  }),
  texter: (messageId, now) => ({
    eventName: "messageStatusChanged",
    eventData: {
      chat: { channelInfo: { name: "whatsapp", id: "972521234567" } },
      messageStatus: 2,
      error: null,
      timestamp: now.getTime(),
      externalId: [messageId],
    },
  }),
  meta,
  "360dialog": meta,
  gupshup: meta,
  infobip: (messageId, now) => ({
    results: [
      {
        messageId,
        to: "41793026727",
        doneAt: now.toISOString(),
        status: { groupId: 3, groupName: "DELIVERED", id: 5, name: "DELIVERED_TO_HANDSET" },
        error: { groupId: 0, name: "NO_ERROR", permanent: false },
      },
    ],
  }),
  zenvia: (messageId, now) => ({
    id: `event-${messageId}`,
    type: "MESSAGE_STATUS",
    timestamp: now.toISOString(),
    channel: "whatsapp",
    messageId,
    message: { id: messageId, to: "5511999999999" },
    messageStatus: { timestamp: now.toISOString(), code: "DELIVERED" },
  }),
  twilio: (messageId) => ({ MessageSid: messageId, MessageStatus: "delivered", To: "+15551234567" }),
  vonage: (messageId, now) => ({
    message_uuid: messageId,
    to: "447700900000",
    timestamp: now.toISOString(),
    status: "delivered",
    channel: "sms",
  }),
  sinch: (messageId, now) => ({
    event_time: now.toISOString(),
    message_delivery_report: {
      message_id: messageId,
      status: "DELIVERED",
      channel_identity: { channel: "WHATSAPP", identity: "31612345678" },
    },
  }),
  plivo: (messageId, now) => ({
    MessageUUID: messageId,
    Status: "delivered",
    To: "14155550100",
    DeliveryReportTime: now.toISOString(),
  }),
  messagebird: (messageId, now) => ({
    id: messageId,
    recipient: "31612345678",
    status: "delivered",
    statusDatetime: now.toISOString(),
  }),
  bird: (messageId, now) => ({
    service: "channels",
    event: "sms.outbound",
    payload: {
      id: messageId,
      status: "delivered",
      receiver: { contacts: [{ identifierValue: "+31612345678" }] },
      lastStatusAt: now.toISOString(),
    },
  }),
  wati: (messageId, now) => ({
    eventType: "sentMessageDELIVERED_v2",
    statusString: "Delivered",
    localMessageId: messageId,
    waId: "911234567890",
    timestamp: secondsText(now),
  }),
};

const places: Readonly<Record<string, SampleWebhook["as"]>> = {
  twilio: "form",
  plivo: "form",
  messagebird: "query",
};

/** Null where no sample is known. */
export function sampleOf(provider: string, messageId: string, now: Date): SampleWebhook | null {
  const sample = samples[provider];
  return sample === undefined ? null : { as: places[provider] ?? "json", fields: sample(messageId, now) };
}

function secondsText(time: Date): string {
  return String(Math.floor(time.getTime() / 1_000));
}
