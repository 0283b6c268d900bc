/** MessageBird's SMS API: one status of one recipient a report, as the query of a GET. */
import type { Json } from "../../model/json.ts";
import { isFailure } from "../../model/status.ts";
import { factsAt, parseParameters, wordAt } from "../body.ts";
import { type Draft, invalidReading, readingOf, readItem } from "../build.ts";
import { networkReasons } from "../networkReasons.ts";
import type { Provider, Reading, Webhook } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { signatureScheme } from "./signature.ts";
import { statuses } from "./status.ts";

export const messagebird: Provider = {
  name: "messagebird",
  title: "MessageBird SMS",
  defaultAuth: [{ type: "jwt" }],
  schemes: { jwt: signatureScheme },
  setup:
    "Make the source with the signing key of the account (MessageBird Dashboard → Developers → Settings). Then give the ingest URL as reportUrl of each message, which also needs a reference. The deployment's PUBLIC_URL must be the address that MessageBird calls: it is part of what MessageBird signs.",
  acknowledgement: "json",
  readsGet: true,
  read,
};

function read(webhook: Webhook): Reading {
  const parameters = parseParameters(webhook);
  if (!parameters.ok) return invalidReading(parameters.failure);
  // Incoming messages have an originator and a text, and no status.
  if (wordAt(parameters.value, "status") === null && wordAt(parameters.value, "originator") !== null) {
    return { kind: "ignored", event: "incoming message" };
  }
  return readingOf([readItem(payloadSchema, parameters.value, "", describe)]);
}

/** A message has up to fifty recipients under one id, and a report does not say how many, so each is one of its own. */
function describe(payload: Payload, raw: Json): Omit<Draft, "raw"> {
  const status = statuses.get(payload.status);
  const failed = status !== undefined && isFailure(status);
  return {
    messageId: payload.messageId,
    aliases: [payload.id],
    group: payload.id,
    channel: "sms",
    recipient: payload.recipient,
    status,
    providerStatus: payload.status,
    time: payload.statusDatetime,
    reason: failed ? reasonOf(networkReasons, payload.statusErrorCode, payload.statusReason) : null,
    facts: factsAt(
      raw,
      "reference",
      "mccmnc",
      "ported",
      "price[amount]",
      "price[currency]",
      "messagePartCount",
    ),
  };
}
