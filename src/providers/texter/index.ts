/** Texter: one status of one or more messages of a chat a webhook, each named by the id that the channel gave it. */
import { issuesOf } from "../../model/issue.ts";
import { isJsonObject, type Json } from "../../model/json.ts";
import type { Reason } from "../../model/reason.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import type { Update } from "../../model/update.ts";
import { memberAt, wordAt } from "../body.ts";
import { buildUpdate, type Draft, invalidReading, readingOf, readJson } from "../build.ts";
import { messageIdField } from "../fields.ts";
import type { BadItem, Provider, Reading } from "../provider.ts";
import { describeReason } from "../reason.ts";
import { type Payload, payloadSchema, templateValue } from "./payload.ts";
import { CHANNEL_FAILED, statuses } from "./status.ts";

export const texter: Provider = {
  name: "texter",
  title: "Texter",
  defaultAuth: [{ type: "header", name: "Authorization" }],
  setup:
    'Import the scenario "(SUB) Messages Status Changed" with the ingest URL at data.actions[0].params.url, and add "headers": {"Authorization": the generated value} beside it.',
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  const event = wordAt(body, "eventName");
  if (event !== null && event !== "messageStatusChanged") return { kind: "ignored", event };
  const parsed = payloadSchema.safeParse(body);
  if (!parsed.success) return invalidReading(issuesOf(parsed.error));
  // All of it is the same for each id, so it is built once.
  const update = buildUpdate({ ...describe(parsed.data, body), messageId: "" });
  return readingOf(parsed.data.eventData.externalId.map((id, index) => withId(update, id, index)));
}

function withId(update: Update, id: Json, index: number): Result<Update, BadItem> {
  const parsed = messageIdField.safeParse(id);
  if (parsed.success) return succeed({ ...update, messageId: parsed.data });
  return fail({ raw: id, issues: issuesOf(parsed.error, `eventData.externalId[${index}]`) });
}

function describe({ eventData }: Payload, raw: Json): Omit<Draft, "messageId"> {
  const channel = eventData.chat?.channelInfo ?? null;
  const chat = templateValue(memberAt(raw, "eventData", "chat"));
  return {
    channel: channel?.name ?? null,
    recipient: channel?.id ?? null,
    status: statuses.get(eventData.messageStatus),
    providerStatus: eventData.messageStatus,
    time: eventData.timestamp,
    reason: reasonFor(eventData),
    facts: isJsonObject(chat) ? { chat } : {},
    raw,
  };
}

function reasonFor({ messageStatus, error }: Payload["eventData"]): Reason | null {
  if (messageStatus === CHANNEL_FAILED) return describeReason("channel", null, error, null);
  if (statuses.get(messageStatus) !== "failed" || error === null) return null;
  return describeReason("unknown", null, error, null);
}
