/** Vonage's Messages API, versions 0.1 and 1: one status of one message a webhook. */
import type { Json } from "../../model/json.ts";
import { isFailure } from "../../model/status.ts";
import { factsAt, memberAt, wordAt } from "../body.ts";
import { type Draft, readingOf, readItem, readJson } from "../build.ts";
import type { Provider, Reading } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { type Payload, payloadSchema } from "./payload.ts";
import { reasons } from "./reasons.ts";
import { signatureScheme } from "./signature.ts";
import { statuses } from "./status.ts";

export const vonage: Provider = {
  name: "vonage",
  title: "Vonage Messages",
  defaultAuth: [{ type: "jwt" }],
  schemes: { jwt: signatureScheme },
  setup:
    "Make the source with the account's signature secret (API Dashboard → API settings). Then enter the ingest URL as status URL of the application, under Capabilities → Messages.",
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  // An incoming message has no status; the end of a fail-over names no message of its own.
  if (wordAt(body, "message_uuid") !== null && memberAt(body, "status") === null && isIncoming(body)) {
    return { kind: "ignored", event: "incoming message" };
  }
  if (wordAt(body, "message_uuid") === null && wordAt(body, "dispatch_uuid") !== null) {
    return { kind: "ignored", event: "dispatch" };
  }
  return readingOf([readItem(payloadSchema, body, "", describe)]);
}

function isIncoming(body: Json): boolean {
  return memberAt(body, "message_type") !== null || memberAt(body, "message") !== null;
}

function describe(payload: Payload, raw: Json): Omit<Draft, "raw"> {
  const status = statuses.get(payload.status);
  const { error } = payload;
  const failed = status !== undefined && isFailure(status) && error !== null;
  return {
    messageId: payload.message_uuid,
    group: payload._links?.workflow?.dispatch_uuid ?? payload.workflow?.id ?? null,
    channel: payload.channel ?? payload.to?.type ?? null,
    recipient: payload.to?.recipient ?? null,
    status,
    providerStatus: payload.status,
    time: payload.timestamp,
    reason: failed ? reasonOf(reasons, error.code ?? error.title, error.reason ?? error.detail) : null,
    facts: factsAt(raw, "client_ref", "usage", "destination", "sms", "whatsapp", "workflow"),
  };
}
