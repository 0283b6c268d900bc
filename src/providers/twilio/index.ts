/** Twilio: one status of one message a callback, as a form; or Event Streams, which are lists of JSON events. */
import type { Json } from "../../model/json.ts";
import { isFailure } from "../../model/status.ts";
import { factsAt, memberAt, parseParameters, wordAt } from "../body.ts";
import { type Draft, invalidReading, readingOf, readItem, readJson } from "../build.ts";
import type { Provider, Reading, Webhook } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { callbackSchema, eventSchema, type Report } from "./payload.ts";
import { reasons } from "./reasons.ts";
import { signatureScheme } from "./signature.ts";
import { incoming, statuses } from "./status.ts";

export const twilio: Provider = {
  name: "twilio",
  title: "Twilio",
  defaultAuth: [{ type: "signature" }],
  schemes: { signature: signatureScheme },
  setup:
    "Make the source with the account's auth token (Twilio Console → Account Dashboard) as secret. Then give the ingest URL as StatusCallback of each message, or as delivery status callback of the messaging service. The deployment's PUBLIC_URL must be the address that Twilio calls: it is part of what Twilio signs.",
  acknowledgement: "json",
  readsGet: true,
  read: (webhook) => (isJson(webhook) ? readJson(webhook, readEvents) : readCallback(webhook)),
};

function isJson(webhook: Webhook): boolean {
  return webhook.method === "POST" && (webhook.headers.get("content-type") ?? "").includes("json");
}

function readCallback(webhook: Webhook): Reading {
  const parameters = parseParameters(webhook);
  if (!parameters.ok) return invalidReading(parameters.failure);
  const status = wordAt(parameters.value, "MessageStatus") ?? wordAt(parameters.value, "SmsStatus");
  if (status !== null && incoming.has(status)) return { kind: "ignored", event: status };
  return readingOf([readItem(callbackSchema, parameters.value, "", describe)]);
}

/** Event Streams send a list, or a single event where batching is off. */
function readEvents(body: Json): Reading {
  const events = Array.isArray(body) ? body : [body];
  const items = events.flatMap((event, index) => {
    const type = wordAt(event, "type");
    if (type !== null && !type.startsWith("com.twilio.messaging.message.")) return [];
    return [readItem(eventSchema, event, Array.isArray(body) ? `[${index}]` : "", describe)];
  });
  return items.length === 0 ? { kind: "ignored", event: "no message events" } : readingOf(items);
}

function describe(report: Report, raw: Json): Omit<Draft, "raw"> {
  const status = statuses.get(report.status.toLowerCase());
  const address = addressOf(report.to);
  const data = memberAt(raw, "data");
  return {
    messageId: report.messageId,
    // A bare number is reached by SMS or MMS, which the id tells apart.
    channel: address && (address.channel ?? (report.messageId.startsWith("MM") ? "mms" : "sms")),
    recipient: address && address.recipient,
    status,
    providerStatus: report.status,
    time: report.time,
    reason: status !== undefined && isFailure(status) ? reasonOf(reasons, report.code, report.text) : null,
    metadata: report.tags,
    facts: {
      // The carrier's own clock, in a zone that it does not name: no time to decide by.
      ...factsAt(raw, "AccountSid", "From", "MessagingServiceSid", "NumSegments", "RawDlrDoneDate"),
      ...factsAt(data, "accountSid", "from", "messagingServiceSid", "numberOfSegments", "mcc", "mnc"),
      ...factsAt(data, "rawDlrDoneDate"),
    },
    providerEventId: report.eventId,
  };
}

/** Like `whatsapp:+15551234567`. */
function addressOf(to: string | null) {
  const [, channel = null, recipient = ""] = /^(?:([a-z_]+):)?(.*)$/s.exec(to ?? "") ?? [];
  return recipient === "" ? null : { channel, recipient };
}
