/** Infobip: batches of reports, of delivery or of being seen. */
import { isJsonObject, type Json } from "../../model/json.ts";
import type { Reason } from "../../model/reason.ts";
import { isFailure } from "../../model/status.ts";
import { memberAt } from "../body.ts";
import { type Draft, invalidReading, readingOf, readItem, readJson } from "../build.ts";
import type { Provider, Reading } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { type Delivery, deliverySchema, type Seen, seenSchema } from "./payload.ts";
import { reasons } from "./reasons.ts";
import { statusOf } from "./status.ts";

export const infobip: Provider = {
  name: "infobip",
  title: "Infobip",
  defaultAuth: [{ type: "basic" }],
  setup:
    "In Infobip's portal make a notification profile with the ingest URL and BASIC credentials (the generated user name and password), and a subscription of delivery and seen reports with it. For HMAC credentials use an hmac entry with HMAC_SHA_256 and the header that the profile shows.",
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  const results = memberAt(body, "results");
  if (!Array.isArray(results)) return invalidReading([{ path: "results", message: "must be a list" }]);
  const reports = results.flatMap((raw, index) => {
    const path = `results[${index}]`;
    if (memberAt(raw, "status") !== null) return [readItem(deliverySchema, raw, path, describeDelivery)];
    // An incoming message has neither.
    return isIncoming(raw) ? [] : [readItem(seenSchema, raw, path, describeSeen)];
  });
  return reports.length === 0 ? { kind: "ignored", event: "no reports" } : readingOf(reports);
}

function isIncoming(raw: Json): boolean {
  return isJsonObject(raw) && memberAt(raw, "seenAt") === null && memberAt(raw, "receivedAt") !== null;
}

function describeDelivery(report: Delivery, raw: Json): Omit<Draft, "raw"> {
  const status = statusOf(report.status.name, report.status.groupName);
  return {
    ...describeMessage(report, raw),
    status,
    providerStatus: report.status.name,
    time: report.doneAt,
    reason: status !== undefined && isFailure(status) ? reasonFor(report) : null,
  };
}

function describeSeen(report: Seen, raw: Json): Omit<Draft, "raw"> {
  return { ...describeMessage(report, raw), status: "read", providerStatus: "SEEN", time: report.seenAt };
}

function describeMessage(report: Delivery | Seen, raw: Json) {
  return {
    messageId: report.messageId,
    group: report.bulkId,
    channel: report.channel,
    recipient: report.to,
    facts: {
      price: memberAt(raw, "price"),
      mccMnc: memberAt(raw, "mccMnc"),
      messageCount: memberAt(raw, "messageCount"),
      callbackData: memberAt(raw, "callbackData"),
      platform: memberAt(raw, "platform"),
    },
  };
}

/** Infobip itself says whether an error is for good. */
function reasonFor({ status, error }: Delivery): Reason | null {
  if (error === null || error.name === null || error.name === "NO_ERROR") {
    return reasonOf(reasons, status.name, status.description);
  }
  const reason = reasonOf(reasons, error.name.toUpperCase(), error.description);
  return reason && { ...reason, permanent: error.permanent ?? reason.permanent };
}
