/** One documented "delivered" of each provider, with a time and an id of now: what the curl line sends. */

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
  wati: (messageId, now) => ({
    eventType: "sentMessageDELIVERED_v2",
    statusString: "Delivered",
    localMessageId: messageId,
    waId: "911234567890",
    timestamp: secondsText(now),
  }),
};

/** Null where no sample is known. */
export function sampleOf(provider: string, messageId: string, now: Date): object | null {
  return samples[provider]?.(messageId, now) ?? null;
}

function secondsText(time: Date): string {
  return String(Math.floor(time.getTime() / 1_000));
}
