/** Sinch: one report of the Conversation API a webhook, or one of the SMS API, about a recipient or a whole batch. */
import { issuesOf } from "../../model/issue.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import { isFailure, type Status } from "../../model/status.ts";
import type { Update } from "../../model/update.ts";
import { factsAt, memberAt, wordAt } from "../body.ts";
import { type Draft, invalidReading, readingOf, readItem, readJson } from "../build.ts";
import type { BadItem, Provider, Reading } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import {
  batchSchema,
  type Conversation,
  conversationSchema,
  recipientOf,
  smsSchema,
  type Summary,
  summarySchema,
} from "./payload.ts";
import { conversationReasons, smsReasons } from "./reasons.ts";
import { signatureScheme } from "./signature.ts";
import { conversationStatuses, smsStatuses } from "./status.ts";

export const sinch: Provider = {
  name: "sinch",
  title: "Sinch Conversation and SMS",
  defaultAuth: [{ type: "signature" }],
  schemes: { signature: signatureScheme },
  setup:
    "Conversation API: make a webhook for the app with the ingest URL as target, the trigger MESSAGE_DELIVERY and the generated value as secret. SMS API: make a source with a urlToken entry, give its ingest URL as callback URL of the service plan, and send with delivery_report set to per_recipient.",
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  if (memberAt(body, "message_delivery_report") !== null) {
    return readingOf([readItem(conversationSchema, body, "", describeConversation)]);
  }
  const type = wordAt(body, "type");
  if (type === null) return readForeign(body);
  const [, isSingle, channel = null] = /^(recipient_)?delivery_report_(sms|mms)$/.exec(type) ?? [];
  if (channel === null) return { kind: "ignored", event: type };
  if (isSingle === undefined) return readBatch(body, channel);
  return readingOf([
    readItem(smsSchema, body, "", (report, raw) => ({
      ...describeSms(report, raw, channel),
      messageId: report.messageId,
      recipient: report.recipient,
      time: report.at,
    })),
  ]);
}

/** The Conversation API's other callbacks: each is named by the one member that holds its subject. */
function readForeign(body: Json): Reading {
  if (!isJsonObject(body) || wordAt(body, "app_id") === null) {
    return invalidReading([{ path: "type", message: "must be a word" }]);
  }
  const event = Object.keys(body).find((member) => isJsonObject(body[member]));
  return { kind: "ignored", event: event ?? "no report" };
}

/** A batch's report sums up; it can be recorded as far as it names the recipients whom it counts. */
function readBatch(body: Json, channel: string): Reading {
  const batch = batchSchema.safeParse(body);
  if (!batch.success) return invalidReading(issuesOf(batch.error));
  const { batch_id, statuses } = batch.data;
  const items = statuses.flatMap((summary, index) => {
    const path = `statuses[${index}]`;
    const recipients = memberAt(summary, "recipients");
    if (!Array.isArray(recipients)) return [];
    // All of it is the same for each recipient, so it is built once.
    const update = readItem(summarySchema, summary, path, (report) => ({
      ...describeSms({ ...report, batch_id }, body, channel),
      messageId: "",
      time: null,
    }));
    if (!update.ok) return [update];
    return recipients.map((recipient, place) =>
      withRecipient(update.value, batch_id, recipient, `${path}.recipients[${place}]`),
    );
  });
  return items.length === 0 ? { kind: "ignored", event: "counts without recipients" } : readingOf(items);
}

function withRecipient(update: Update, batchId: string, raw: Json, path: string): Result<Update, BadItem> {
  const parsed = recipientOf(batchId).safeParse(raw);
  if (parsed.success) return succeed({ ...update, ...parsed.data });
  return fail({ raw, issues: issuesOf(parsed.error, path) });
}

function describeConversation(payload: Conversation, raw: Json): Omit<Draft, "raw"> {
  const report = payload.message_delivery_report;
  const status = conversationStatuses.get(report.status);
  return {
    messageId: report.message_id,
    channel: report.channel_identity?.channel ?? null,
    recipient: report.channel_identity?.identity ?? null,
    status,
    providerStatus: report.status,
    time: payload.event_time ?? payload.accepted_time,
    reason: isReported(status)
      ? reasonOf(conversationReasons, report.reason?.code ?? null, report.reason?.description ?? null)
      : null,
    facts: {
      ...factsAt(raw, "app_id", "project_id", "message_metadata", "correlation_id"),
      ...factsAt(memberAt(raw, "message_delivery_report"), "conversation_id", "contact_id", "metadata"),
      ...factsAt(memberAt(raw, "message_delivery_report"), "processing_mode"),
    },
  };
}

/** One id covers the whole batch, so each recipient has a message of its own under it. */
function describeSms(
  report: Summary & { readonly batch_id: string },
  raw: Json,
  channel: string,
): Omit<Draft, "raw" | "messageId" | "time"> {
  const status = smsStatuses.get(report.status);
  return {
    aliases: [report.batch_id],
    group: report.batch_id,
    channel,
    status,
    providerStatus: report.status,
    reason: isReported(status) ? reasonOf(smsReasons, report.code, null) : null,
    facts: factsAt(
      raw,
      "client_reference",
      "operator",
      "operator_status_at",
      "number_of_message_parts",
      "encoding",
      "applied_originator",
    ),
  };
}

function isReported(status: Status | undefined): boolean {
  return status !== undefined && isFailure(status);
}
