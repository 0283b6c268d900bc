/**
 * Reads an event in Texter's terms: the number code, error, milliseconds, ids and chat that its webhook and its
 * scenarios speak of. What Texter itself told us is kept as it said it; what came from elsewhere is translated.
 */
import * as z from "zod";
import type { Event } from "../../model/event.ts";
import { type JsonObject, jsonObjectSchema } from "../../model/json.ts";
import type { Status } from "../../model/status.ts";

export interface TexterStatus {
  /** 0 sent from the platform, 1 accepted, 2 delivered, 3 seen, 4 failed, 5 channel failed, 6 deleted. */
  readonly status: number;
  /** A text with 4 and 5, else null. */
  readonly error: string | null;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly ids: readonly string[];
  readonly chat: JsonObject;
}

const failedCode = 4;
const channelFailedCode = 5;

/** Null: Texter has no word for it. */
const codes: Readonly<Record<Status, number | null>> = {
  scheduled: 0,
  queued: 0,
  accepted: 1,
  sent: 1,
  delivered: 2,
  read: 3,
  played: 3,
  unconfirmed: null,
  not_sent: failedCode,
  canceled: failedCode,
  expired: failedCode,
  failed: failedCode,
  deleted: 6,
  recipient_corrected: null,
  channel_switched: null,
  clicked: null,
  verified: null,
  unknown: null,
};

/** The parts of a Texter body that we take over as they are; Texter's templates are its users' to change, so each may be missing. */
const texterBodySchema = z.object({
  eventData: z.object({
    chat: jsonObjectSchema.optional().catch(undefined),
    error: z.string().nullish().catch(undefined),
    timestamp: z.int().optional().catch(undefined),
  }),
});

/** Null: Texter would not send this. */
export function texterStatusOf(event: Event): TexterStatus | null {
  const status = codeOf(event);
  if (status === null) return null;
  const own = event.provider === "texter" ? texterBodySchema.safeParse(event.raw).data?.eventData : undefined;
  return {
    status,
    error: isFailureCode(status) ? (own?.error ?? errorOf(event)) : null,
    timestamp: own?.timestamp ?? Date.parse(event.occurredAt),
    // One webhook of Texter's may name several messages; each of our events speaks of one.
    ids: [event.messageId],
    chat: own?.chat ?? chatOf(event),
  };
}

function codeOf(event: Event): number | null {
  const code = codes[event.status];
  return code === failedCode && event.reason?.kind === "channel" ? channelFailedCode : code;
}

function isFailureCode(code: number): boolean {
  return code === failedCode || code === channelFailedCode;
}

/** Receivers read a text here; where the provider gave none, its own word for the status is one. */
function errorOf(event: Event): string {
  return event.reason?.text ?? event.reason?.code ?? event.providerStatus;
}

/** A chat is one recipient on one channel of one account; there is no more that we know of it. */
function chatOf(event: Event): JsonObject {
  const { channel, recipient, source } = event;
  return {
    _id: `${source}:${channel ?? ""}:${recipient ?? event.messageId}`,
    displayName: recipient,
    channelInfo: { name: channel, id: recipient, accountId: source },
  };
}
