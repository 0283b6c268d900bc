/** Bird's Channels API: one status of one message a webhook, or what its recipient did with it. */
import type { Json } from "../../model/json.ts";
import type { Reason } from "../../model/reason.ts";
import { isFailure } from "../../model/status.ts";
import { factsAt, memberAt, wordAt } from "../body.ts";
import { type Draft, readingOf, readItem, readJson } from "../build.ts";
import { networkReasons } from "../networkReasons.ts";
import type { Provider, Reading } from "../provider.ts";
import { reasonOf } from "../reason.ts";
import { whatsappReasons } from "../whatsappReasons.ts";
import { type Interaction, interactionSchema, type Outbound, outboundSchema } from "./payload.ts";
import { signatureScheme } from "./signature.ts";
import { interactions, statuses } from "./status.ts";

export const bird: Provider = {
  name: "bird",
  title: "Bird",
  defaultAuth: [{ type: "signature" }],
  schemes: { signature: signatureScheme },
  setup:
    "Make a webhook subscription of the service channels for each of whatsapp.outbound, whatsapp.interaction, sms.outbound and so on, with the ingest URL as url and the generated value as signingKey. The deployment's PUBLIC_URL must be the address that Bird calls: it is part of what Bird signs.",
  acknowledgement: "json",
  read: (webhook) => readJson(webhook, read),
};

function read(body: Json): Reading {
  const event = wordAt(body, "event");
  const [, channel = null, kind = null] = /^(.+)\.(\w+)$/.exec(event ?? "") ?? [];
  if (kind === "interaction") {
    return readingOf([
      readItem(interactionSchema, body, "", (payload, raw) => describeInteraction(payload, raw, channel)),
    ]);
  }
  if (event !== null && kind !== "outbound") return { kind: "ignored", event };
  return readingOf([
    readItem(outboundSchema, body, "", (payload, raw) => describeOutbound(payload, raw, channel)),
  ]);
}

function describeOutbound({ payload }: Outbound, raw: Json, channel: string | null): Omit<Draft, "raw"> {
  const status = statuses.get(payload.status);
  const message = memberAt(raw, "payload");
  return {
    messageId: payload.id,
    aliases: payload.parts?.map((part) => part.platformReference) ?? [],
    channel,
    recipient: payload.receiver?.contacts?.[0]?.identifierValue ?? null,
    status,
    providerStatus: payload.status,
    time: payload.lastStatusAt ?? payload.updatedAt,
    reason: status !== undefined && isFailure(status) ? reasonFor(payload) : null,
    facts: factsAt(message, "channelId", "reference", "meta", "tags", "chargeableUnits", "batchId"),
  };
}

function describeInteraction(
  { payload }: Interaction,
  raw: Json,
  channel: string | null,
): Omit<Draft, "raw"> {
  return {
    messageId: payload.messageId,
    channel,
    status: interactions.get(payload.type),
    providerStatus: payload.type,
    time: payload.createdAt,
    facts: factsAt(memberAt(raw, "payload"), "channelId"),
    // The id of the interaction, of which a message may have several of a kind.
    providerEventId: payload.id,
  };
}

/** The source's code says more than Bird's own, and is WhatsApp's or the mobile networks'. */
function reasonFor({ failure, reason }: Outbound["payload"]): Reason | null {
  const source = failure?.source ?? null;
  const table = source?.name?.includes("whatsapp") === true ? whatsappReasons : networkReasons;
  return source?.code === undefined || source.code === null
    ? reasonOf(new Map(), failure?.code ?? null, failure?.description ?? reason)
    : reasonOf(table, source.code, failure?.description ?? reason);
}
