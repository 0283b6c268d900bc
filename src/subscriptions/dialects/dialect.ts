/**
 * The port for the words in which a subscriber hears of an event.
 *
 * A dialect is data and pure functions: it never awaits, never reads a clock and never throws, whatever the event
 * holds. The same event gives the same request on every attempt. Who signs it, adds our own headers, checks its
 * target and sends it is not the dialect's business.
 */
import type { Event } from "../../model/event.ts";

/** One request, before the subscription's headers and ours are added. */
export interface Rendering {
  /** Null for a request without a body. */
  readonly body: string | null;
  readonly contentType: "application/json" | "application/x-www-form-urlencoded";
  /** Headers of the dialect's own; the subscription's win over them, ours over both. */
  readonly headers?: Readonly<Record<string, string>>;
  /** POST where left out. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Where it goes, instead of to the subscription's URL; checked like that one before every attempt. */
  readonly url?: string;
  /** Instead of the subscription's `timeoutSeconds`. */
  readonly timeoutMs?: number;
}

export interface Dialect {
  /** The subscription's `format`. */
  readonly name: string;
  /** Null: this event is not sent in this dialect, and no delivery is made of it. */
  readonly render: (event: Event) => Rendering | null;
}
