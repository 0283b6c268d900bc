/**
 * Nifteem's "message status update". Nifteem's webhook tells of DELIVERED, READ, FAILED and NOSENT only, so
 * nothing else goes out; one notification is one part.
 */
import * as z from "zod/mini";
import type { Event } from "../../model/event.ts";
import type { Json } from "../../model/json.ts";
import { rankOf, type Status } from "../../model/status.ts";
import type { Dialect } from "./dialect.ts";

export const nifteem: Dialect = {
  name: "nifteem",
  render: (event) => {
    const word = words[event.status];
    if (word === null) return null;
    const body = isOwn(event, word) ? event.raw : translate(event, word);
    return { body: JSON.stringify(body), contentType: "application/json" };
  },
};

type Word = "DELIVERED" | "READ" | "FAILED" | "NOSENT";

/** NOSENT is "never attempted": a canceled message was not either. An expired one was tried, in vain. */
const words: Readonly<Record<Status, Word | null>> = {
  scheduled: null,
  queued: null,
  accepted: null,
  sent: null,
  delivered: "DELIVERED",
  read: "READ",
  played: "READ",
  unconfirmed: null,
  not_sent: "NOSENT",
  canceled: "NOSENT",
  expired: "FAILED",
  failed: "FAILED",
  deleted: null,
  recipient_corrected: null,
  channel_switched: null,
  clicked: null,
  verified: null,
  unknown: null,
};

function isOwn(event: Event, word: Word): boolean {
  if (event.provider !== "nifteem") return false;
  return z.object({ messageId: z.string(), status: z.literal(word) }).safeParse(event.raw).success;
}

function translate(event: Event, word: Word): Json {
  return {
    event: "DISPATCH_STATUS",
    module: "DISPATCH_API",
    // Every notification names a dispatch; a message that was sent by itself is its own.
    dispatchId: event.group ?? event.messageId,
    messageId: event.messageId,
    messagePart: event.part.number,
    messageTotalParts: event.part.total,
    channel: event.channel?.toUpperCase() ?? null,
    channelIdentifier: event.recipient,
    status: word,
    // Our own precedence where the provider has no order: it too sorts what happened at the same time.
    statusOrder: event.providerOrder ?? rankOf(event.status),
    statusDate: event.occurredAt,
    dispatchMetadata: {},
    recipientMetadata: event.metadata,
  };
}
