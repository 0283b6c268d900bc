/** Callbell: one status of one WhatsApp message a webhook, in most cases with Gupshup's own object inside. */
import type { Json } from "../../model/json.ts";
import { memberAt, parseJson, wordAt } from "../body.ts";
import { type Draft, readEvent } from "../build.ts";
import { gupshupIds, gupshupReason, gupshupStatuses } from "../gupshupPayload.ts";
import type { Provider, Reading, Webhook } from "../provider.ts";
import { type Payload, payloadSchema } from "./payload.ts";

export const callbell: Provider = {
  name: "callbell",
  title: "Callbell",
  defaultAuth: [{ type: "urlToken" }],
  setup:
    'Callbell signs nothing, so the token in the URL is the secret. Subscribe with POST /webhooks/subscribe and {"url": the ingest URL, "subscriptions": ["message_status_updated"]}.',
  acknowledgement: "json",
  handshake: () => ({ accepted: true, body: '{"status":"ok"}', contentType: "application/json" }),
  read,
};

function read(webhook: Webhook): Reading {
  const body = parseJson(webhook.body);
  // Callbell does not say what its connection checks look like: whatever is not one of its events.
  if (!body.ok || wordAt(body.value, "event") === null) return { kind: "ignored", event: "connection check" };
  return readEvent(body.value, "event", /^message_status_updated$/, payloadSchema, describe);
}

function describe({ payload }: Payload, raw: Json): Omit<Draft, "raw"> {
  const inner = payload.messageStatusPayload;
  const status = gupshupStatuses.get(payload.status);
  const corrected = status === "recipient_corrected" ? (inner?.payload?.wa_id ?? null) : null;
  return {
    messageId: payload.uuid,
    aliases: gupshupIds(inner),
    channel: payload.contact?.source ?? null,
    recipient: corrected ?? payload.contact?.phoneNumber ?? inner?.destination ?? null,
    status,
    providerStatus: payload.status,
    time: inner?.payload?.ts ?? null,
    reason: status === "failed" ? gupshupReason(inner) : null,
    metadata: payload.metadata,
    facts: { contact: memberAt(raw, "payload", "contact") },
  };
}
