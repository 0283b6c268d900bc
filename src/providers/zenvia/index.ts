/** Zenvia: one status of one message, or of one of its contents, a webhook. */
import type { Json } from "../../model/json.ts";
import type { Reason } from "../../model/reason.ts";
import { memberAt } from "../body.ts";
import { type Draft, readEvent, readJson } from "../build.ts";
import type { Provider } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { whatsappReasons } from "../whatsappReasons.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { statuses } from "./status.ts";

export const zenvia: Provider = {
  name: "zenvia",
  title: "Zenvia",
  defaultAuth: [{ type: "header", name: "Authorization" }],
  setup:
    'Create a subscription with {"eventType": "MESSAGE_STATUS", "webhook": {"url": the ingest URL, "headers": {"Authorization": the generated value}}} for each channel, in the console under Developers or by POST /v2/subscriptions.',
  acknowledgement: "json",
  read: (webhook) =>
    readJson(webhook, (body) => readEvent(body, "type", /^MESSAGE_STATUS$/, payloadSchema, describe)),
};

function describe(payload: Payload, raw: Json): Omit<Draft, "raw"> {
  // Counted from 0, and never said of how many.
  const number = (payload.message?.contentIndex ?? payload.contentIndex ?? 0) + 1;
  const status = statuses.get(payload.messageStatus.code);
  return {
    messageId: payload.messageId,
    aliases: [payload.message?.externalId ?? null],
    part: { number, total: number },
    channel: payload.channel,
    recipient: payload.message?.to ?? null,
    status,
    providerStatus: payload.messageStatus.code,
    time: payload.messageStatus.timestamp ?? payload.timestamp,
    reason: status === "failed" ? reasonFor(payload) : null,
    facts: { subscriptionId: memberAt(raw, "subscriptionId") },
    // The same in every attempt to deliver this event.
    providerEventId: payload.id,
  };
}

/** The codes are those of the channel; of the channels only WhatsApp's are known to us. */
function reasonFor({ channel, messageStatus }: Payload): Reason | null {
  const cause = messageStatus.causes?.[0];
  const table = channel?.toLowerCase() === "whatsapp" ? whatsappReasons : new Map();
  const text = cause?.details ?? cause?.reason ?? messageStatus.description;
  return reasonOf(table, cause?.channelErrorCode ?? null, text);
}
