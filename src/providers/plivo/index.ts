/** Plivo: one status of one message a callback, as a form or as a query. */
import type { Json } from "../../model/json.ts";
import { isFailure } from "../../model/status.ts";
import { factsAt, parseParameters, wordAt } from "../body.ts";
import { type Draft, invalidReading, readingOf, readItem } from "../build.ts";
import type { Provider, Reading, Webhook } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { reasons } from "./reasons.ts";
import { signatureScheme } from "./signature.ts";
import { statuses } from "./status.ts";

export const plivo: Provider = {
  name: "plivo",
  title: "Plivo",
  defaultAuth: [{ type: "signature" }],
  schemes: { signature: signatureScheme },
  setup:
    "Make the source with the account's auth token (Plivo Console → Overview) as secret. Then give the ingest URL as url of each message, with method POST. The deployment's PUBLIC_URL must be the address that Plivo calls: it is part of what Plivo signs.",
  acknowledgement: "json",
  readsGet: true,
  read,
};

function read(webhook: Webhook): Reading {
  const parameters = parseParameters(webhook);
  if (!parameters.ok) return invalidReading(parameters.failure);
  const status = wordAt(parameters.value, "Status");
  // Incoming messages have a text and no status, or are said to be received.
  if (status === "received" || (status === null && wordAt(parameters.value, "Text") !== null)) {
    return { kind: "ignored", event: "incoming message" };
  }
  return readingOf([readItem(payloadSchema, parameters.value, "", describe)]);
}

function describe(payload: Payload, raw: Json): Omit<Draft, "raw"> {
  const status = statuses.get(payload.Status);
  return {
    messageId: payload.MessageUUID,
    channel: payload.Type,
    recipient: payload.To,
    status,
    providerStatus: payload.Status,
    time: payload.time,
    providerOrder: payload.Sequence === null ? null : Number(payload.Sequence),
    reason: status !== undefined && isFailure(status) ? reasonOf(reasons, payload.ErrorCode, null) : null,
    facts: factsAt(
      raw,
      "From",
      "Units",
      "TotalRate",
      "TotalAmount",
      "MCC",
      "MNC",
      "PowerpackUUID",
      "ConversationID",
      "ConversationOrigin",
      "ConversationExpirationTimestamp",
    ),
  };
}
