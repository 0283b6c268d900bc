/**
 * Reads an event in Texter's terms: the number code, error, milliseconds, ids and chat that its webhook and its
 * scenarios speak of. What Texter itself told us is kept as it said it; what came from elsewhere is translated.
 */
import * as z from "zod/mini";
import type { Event } from "../../model/event.ts";
import { type JsonObject, jsonObjectSchema } from "../../model/json.ts";
import { loose } from "../../model/loose.ts";
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

/** What we take over from a body of Texter's own. Its templates are its users' to change, so each may be missing. */
const ownDataSchema = z.object({
  chat: loose(jsonObjectSchema),
  error: loose(z.string()),
  timestamp: loose(z.int()),
});
const ownBodySchema = z.object({ eventData: ownDataSchema });
type OwnData = z.output<typeof ownDataSchema>;

/** Null: Texter would not send this. */
export function texterStatusOf(event: Event): TexterStatus | null {
  const status = codeOf(event);
  if (status === null) return null;
  const own = ownData(event);
  return {
    status,
    error: status === failedCode || status === channelFailedCode ? errorOf(event, own) : null,
    timestamp: own?.timestamp ?? Date.parse(event.occurredAt),
    // One webhook of Texter's may name several messages; each of our events speaks of one.
    ids: [event.messageId],
    chat: own?.chat ?? chatOf(event),
  };
}

/** Null where it came from elsewhere. Its chat outlives a body too large to keep among the metadata. */
function ownData(event: Event): OwnData | null {
  if (event.provider !== "texter") return null;
  const told = ownBodySchema.safeParse(event.raw).data?.eventData ?? ownDataSchema.parse({});
  return { ...told, chat: told.chat ?? ownDataSchema.parse({ chat: event.metadata["chat"] }).chat };
}

function codeOf(event: Event): number | null {
  const code = codes[event.status];
  return code === failedCode && event.reason?.kind === "channel" ? channelFailedCode : code;
}

/** Receivers read a text here; where another provider gave none, its own word for the status is one. */
function errorOf(event: Event, own: OwnData | null): string | null {
  const { text = null, code = null } = event.reason ?? {};
  // Our text is a copy, cut where Texter's is very long.
  if (text !== null) return own?.error ?? text;
  return own === null ? (code ?? event.providerStatus) : null;
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
