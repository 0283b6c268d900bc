/** Gupshup: its own events (version 2), or WhatsApp's batches with Gupshup's ids in them (version 3). */
import type { Json } from "../../model/json.ts";
import { memberAt } from "../body.ts";
import { type Draft, readEvent, readJson } from "../build.ts";
import { gupshupIds, gupshupReason, gupshupStatuses } from "../gupshupPayload.ts";
import type { Provider, Reading } from "../provider.ts";
import { readWhatsAppBatch } from "../whatsappBatch.ts";
import { type Payload, payloadSchema } from "./payload.ts";

export const gupshup: Provider = {
  name: "gupshup",
  title: "Gupshup",
  bodyBytesMax: 3 * 1024 * 1024,
  defaultAuth: [{ type: "header", name: "X-Gupshup-Webhook-Secret" }],
  setup:
    'Set a subscription with the ingest URL, version 2 or 3 (not both: every event would come twice), the modes of messages, and meta = {"headers": {"X-Gupshup-Webhook-Secret": the generated value}}.',
  acknowledgement: "empty",
  bindsAliases: true,
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  if (memberAt(body, "object") !== null) return readWhatsAppBatch(body);
  return readEvent(body, "type", /^message-event$/, payloadSchema, describe);
}

function describe({ timestamp, payload }: Payload, raw: Json): Omit<Draft, "raw"> {
  const status = gupshupStatuses.get(payload.type);
  const corrected = status === "recipient_corrected" ? (payload.payload?.wa_id ?? null) : null;
  return {
    messageId: payload.gsId ?? payload.id,
    aliases: gupshupIds(payload),
    channel: "whatsapp",
    recipient: corrected ?? payload.destination,
    status,
    providerStatus: payload.type,
    // WhatsApp's clock where WhatsApp spoke.
    time: payload.payload?.ts ?? timestamp,
    reason: status === "failed" ? gupshupReason(payload) : null,
    facts: {
      app: memberAt(raw, "app"),
      conversation: memberAt(raw, "payload", "conversation"),
      pricing: memberAt(raw, "payload", "pricing"),
    },
  };
}
