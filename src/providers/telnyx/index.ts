/** Telnyx: one event of one message a webhook, with a status for each of its recipients. */
import { issuesOf } from "../../model/issue.ts";
import type { Json } from "../../model/json.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import { isFailure } from "../../model/status.ts";
import type { Update } from "../../model/update.ts";
import { factsAt, memberAt, wordAt } from "../body.ts";
import { buildUpdate, type Draft, invalidReading, readingOf, readJson } from "../build.ts";
import type { BadItem, Provider, Reading } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { type Payload, payloadSchema, type Recipient, recipientSchema } from "./payload.ts";
import { reasons } from "./reasons.ts";
import { signatureScheme } from "./signature.ts";
import { MESSAGE_READ, statusEvents, statuses } from "./status.ts";

export const telnyx: Provider = {
  name: "telnyx",
  title: "Telnyx",
  defaultAuth: [{ type: "ed25519" }],
  schemes: { ed25519: signatureScheme },
  setup:
    "Make the source with the public key of the account (Mission Control Portal → Keys & Credentials → Public Key). Then enter the ingest URL as webhook URL of the messaging profile, with webhook API version 2.",
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  const event = wordAt(body, "data", "event_type");
  if (event !== null && !statusEvents.has(event)) return { kind: "ignored", event };
  const parsed = payloadSchema.safeParse(body);
  if (!parsed.success) return invalidReading(issuesOf(parsed.error));
  const { data } = parsed.data;
  return readingOf(data.payload.to.map((recipient, index) => readRecipient(data, recipient, index, body)));
}

/** What the event says of the message belongs to each recipient, so all of it is what each one's `raw` is. */
function readRecipient(
  event: Payload["data"],
  recipient: Json,
  index: number,
  raw: Json,
): Result<Update, BadItem> {
  const isShared = event.payload.to.length > 1;
  const parsed = recipientSchema(event.payload.id, isShared).safeParse(recipient);
  if (!parsed.success) {
    return fail({ raw: recipient, issues: issuesOf(parsed.error, `data.payload.to[${index}]`) });
  }
  const group = isShared ? event.payload.id : null;
  return succeed(buildUpdate({ ...describe(event, parsed.data, recipient, raw), group, raw }));
}

function describe(
  event: Payload["data"],
  recipient: Recipient,
  rawRecipient: Json,
  raw: Json,
): Omit<Draft, "raw"> {
  const { payload } = event;
  const status = event.event_type === MESSAGE_READ ? "read" : statuses.get(recipient.status);
  const error = payload.errors?.[0];
  const failed = status !== undefined && isFailure(status);
  return {
    messageId: recipient.messageId,
    aliases: [payload.id],
    channel: payload.type,
    recipient: recipient.phone_number,
    status,
    providerStatus: recipient.status,
    time: event.occurred_at,
    reason: failed ? reasonOf(reasons, error?.code ?? null, error?.detail ?? error?.title ?? null) : null,
    facts: {
      ...factsAt(rawRecipient, "carrier", "line_type"),
      ...factsAt(memberAt(raw, "data", "payload"), "cost", "parts", "messaging_profile_id", "tags"),
    },
    // The same in every attempt to deliver this event.
    providerEventId: event.id,
  };
}
