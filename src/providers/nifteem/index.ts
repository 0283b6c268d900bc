/** Nifteem: one status of one message, or of one of its parts, a webhook. */
import { type Draft, readEvent, readJson } from "../build.ts";
import type { Provider } from "../provider.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { statuses } from "./status.ts";

export const nifteem: Provider = {
  name: "nifteem",
  title: "Nifteem",
  defaultAuth: [{ type: "header", name: "X-API-Key" }],
  setup:
    "Give the ingest URL as webhookUrl of a dispatch, or for the account in Nifteem's console, and let Nifteem send the generated key in the header X-API-Key. If you also give a webhookSecret, add an hmac entry with the same secret and the name of the signature header that Nifteem told you.",
  acknowledgement: "json",
  read: (webhook) =>
    readJson(webhook, (body) => readEvent(body, "event", /^DISPATCH_STATUS$/, payloadSchema, describe)),
};

function describe(payload: Payload): Omit<Draft, "raw"> {
  const number = payload.messagePart ?? 1;
  return {
    messageId: payload.messageId,
    group: payload.dispatchId,
    part: { number, total: Math.max(number, payload.messageTotalParts ?? 1) },
    channel: payload.channel,
    recipient: payload.channelIdentifier,
    status: statuses.get(payload.status),
    providerStatus: payload.status,
    time: payload.statusDate,
    providerOrder: payload.statusOrder,
    metadata: payload.metadata,
  };
}
