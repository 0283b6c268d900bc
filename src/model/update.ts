/** What a provider told us about one message, in our words, before it is recorded. */
import type { Json, JsonObject } from "./json.ts";
import type { Reason } from "./reason.ts";
import type { Status } from "./status.ts";

export interface Part {
  /** From 1. */
  readonly number: number;
  readonly total: number;
}

export interface Update {
  readonly messageId: string;
  /** Other ids of the same message, for search. */
  readonly aliases: readonly string[];
  /** The provider's dispatch or broadcast. */
  readonly group: string | null;
  readonly part: Part;
  readonly channel: string | null;
  readonly recipient: string | null;
  readonly status: Status;
  /** The provider's own word, untouched. */
  readonly providerStatus: string;
  /** When the change happened, by the provider's clock, in Unix milliseconds; null where it does not say. */
  readonly occurredAtMs: number | null;
  /** The same as the provider wrote it; part of the event's identity. */
  readonly occurredAtText: string | null;
  /** The provider's key for order among equal times. */
  readonly providerOrder: number | null;
  readonly reason: Reason | null;
  readonly metadata: JsonObject;
  /** The provider's own item; null if it was over `limits.rawBytesMax`. */
  readonly raw: Json;
  readonly rawTruncated: boolean;
  /** The provider's id of this event, only where it names the event and not the attempt to tell it. */
  readonly providerEventId: string | null;
}

/** An update with the id that its event has, or will have. */
export interface IdentifiedUpdate extends Update {
  readonly eventId: string;
}
