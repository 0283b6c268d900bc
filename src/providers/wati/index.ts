/** Wati: one status of one WhatsApp message a webhook. */
import type { Json } from "../../model/json.ts";
import { memberAt } from "../body.ts";
import { type Draft, readEvent, readJson } from "../build.ts";
import type { Provider } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { whatsappReasons } from "../whatsappReasons.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { statusEvents, statuses } from "./status.ts";

export const wati: Provider = {
  name: "wati",
  title: "Wati",
  defaultAuth: [{ type: "urlToken" }],
  setup:
    "Wati signs nothing, so the token in the URL is the secret. In Wati under Connector → Webhooks add the ingest URL and choose the v2 events of sent, delivered, read and failed messages (the older ones name the message by another id).",
  acknowledgement: "json",
  read: (webhook) =>
    readJson(webhook, (body) => readEvent(body, "eventType", statusEvents, payloadSchema, describe)),
};

function describe(payload: Payload, raw: Json): Omit<Draft, "raw"> {
  const status = statuses.get(payload.statusString);
  return {
    messageId: payload.messageId,
    aliases: [payload.whatsappMessageId, payload.id],
    channel: "whatsapp",
    recipient: payload.waId,
    status,
    providerStatus: payload.statusString,
    // `created` is when the message was made: near enough to its sending, and to nothing later.
    time: payload.timestamp ?? (status === "sent" ? payload.created : null),
    reason: status === "failed" ? reasonOf(whatsappReasons, payload.failedCode, payload.failedDetail) : null,
    facts: {
      templateName: memberAt(raw, "templateName"),
      conversationId: memberAt(raw, "conversationId"),
      ticketId: memberAt(raw, "ticketId"),
    },
  };
}
