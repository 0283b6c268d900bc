/**
 * Callbell's `message_status_updated`. A body of Callbell's own goes out as it came; everything else is
 * translated, with the inner payload in the shape of Gupshup, which Callbell passes on.
 */
import * as z from "zod/mini";
import type { Event } from "../../model/event.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { assertNever } from "../../model/result.ts";
import type { Status } from "../../model/status.ts";
import type { Dialect } from "./dialect.ts";

export const callbell: Dialect = {
  name: "callbell",
  render: (event) => {
    const body = isOwn(event) ? event.raw : translate(event);
    return body === null ? null : { body: JSON.stringify(body), contentType: "application/json" };
  },
};

type Word = "enqueued" | "sent" | "delivered" | "read" | "failed" | "mismatch" | "deleted";

/** Callbell has one word before `sent` and one for every failure. */
const words: Readonly<Record<Status, Word | null>> = {
  scheduled: "enqueued",
  queued: "enqueued",
  accepted: "enqueued",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  played: "read",
  unconfirmed: null,
  not_sent: "failed",
  canceled: "failed",
  expired: "failed",
  failed: "failed",
  deleted: "deleted",
  recipient_corrected: "mismatch",
  channel_switched: null,
  clicked: null,
  verified: null,
  unknown: null,
};

const ownBodySchema = z.object({
  event: z.literal("message_status_updated"),
  payload: z.object({ uuid: z.string(), status: z.string() }),
});

function isOwn(event: Event): boolean {
  return event.provider === "callbell" && ownBodySchema.safeParse(event.raw).success;
}

function translate(event: Event): Json {
  const word = words[event.status];
  if (word === null) return null;
  return {
    event: "message_status_updated",
    payload: {
      uuid: event.messageId,
      status: word,
      contact: {
        href: null,
        conversationHref: null,
        name: null,
        tags: [],
        uuid: null,
        source: event.channel,
        avatarUrl: null,
        createdAt: null,
        phoneNumber: event.recipient,
      },
      ...(Object.keys(event.metadata).length > 0 && { metadata: event.metadata }),
      messageStatusPayload: {
        id: event.aliases[0] ?? event.messageId,
        type: word,
        payload: detailsOf(event, word),
        destination: event.recipient,
      },
    },
  };
}

/** What Gupshup says beside the word; the times are seconds. */
function detailsOf(event: Event, word: Word): JsonObject {
  switch (word) {
    case "enqueued":
      return { type: "session" };
    case "failed":
      return { code: codeOf(event), reason: event.reason?.text ?? event.providerStatus };
    case "mismatch":
      return { wa_id: event.recipient };
    case "sent":
    case "delivered":
    case "read":
    case "deleted":
      return { ts: Math.floor(Date.parse(event.occurredAt) / 1_000) };
    default:
      return assertNever(word);
  }
}

/** Gupshup's codes are numbers; of others we keep the text. */
function codeOf(event: Event): number | string | null {
  const code = event.reason?.code ?? null;
  return code !== null && /^\d{1,9}$/.test(code) ? Number(code) : code;
}
