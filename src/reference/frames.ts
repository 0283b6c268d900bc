/** What each frame of the stream is for, with the contract's examples, and which channel carries which. */
import type { JsonObject } from "../model/json.ts";
import { examples } from "./examples.ts";

interface FrameWords {
  readonly summary: string;
  readonly example: JsonObject;
}

const cursor = "MTczMjE4MzIwMDAwMC40Mg";

const frames: Readonly<Record<string, FrameWords>> = {
  subscribe: {
    summary: "Begin a subscription. `after` is a cursor, `now`, `earliest`, or left out (now).",
    example: {
      type: "subscribe",
      id: "s1",
      after: "now",
      filter: { sources: ["my-nifteem"], statuses: ["read", "failed"] },
    },
  },
  ack: {
    summary: "Answer a replayed page with its `to`; the next one follows.",
    example: { type: "ack", id: "s1", cursor },
  },
  unsubscribe: { summary: "End a subscription.", example: { type: "unsubscribe", id: "s1" } },
  auth: {
    summary: "Go on with a new token of the same key, filter and messages.",
    example: { type: "auth", token: "eyJhdWQiOiJ0aWNrbGluZS5zdHJlYW0ifQ.c2lnbmF0dXJl" },
  },
  ping: { summary: 'Exactly `{"type":"ping"}`, at least every `pingSeconds`.', example: { type: "ping" } },
  welcome: {
    summary: "The socket is open.",
    example: { type: "welcome", connection: "c1", expiresAt: null, pingSeconds: 25, maxSubscriptions: 16 },
  },
  subscribed: {
    summary: "The subscription stands at `from`; the feed's end is `head`.",
    example: { type: "subscribed", id: "s1", from: cursor, head: cursor },
  },
  events: {
    summary:
      "Events in the feed's order. `from` is the `to` of the frame before, so every gap shows; without events it moves the cursor of a quiet filter.",
    example: {
      type: "events",
      id: "s1",
      from: cursor,
      to: cursor,
      replay: true,
      events: [{ ...examples.Event, cursor }],
    },
  },
  live: {
    summary: "All that was missed has been sent; what follows happens now.",
    example: { type: "live", id: "s1", cursor },
  },
  reset: {
    summary:
      "The cursor cannot be honoured, and no event is sent for it: read what matters anew, and subscribe again.",
    example: { type: "reset", id: "s1", reason: "expired", earliest: cursor, head: cursor },
  },
  error: {
    summary: "The subscription was not begun; the socket stays open.",
    example: {
      type: "error",
      id: "s1",
      code: "invalid_filter",
      message: "filter.statuses.0: Invalid option",
      retryable: false,
    },
  },
  closing: {
    summary: "The socket is about to be closed; come back no sooner than in `retryAfterMs`.",
    example: { type: "closing", code: 4502, reason: "the client is too slow", retryAfterMs: 1000 },
  },
  message: {
    summary: "The message as it is; null while nothing is known of it.",
    example: { type: "message", message: null },
  },
  pong: { summary: "The answer to `ping`.", example: { type: "pong" } },
};

export function frameWords(type: string): FrameWords {
  const found = frames[type];
  if (found === undefined) throw new Error(`the frame ${type} has no words`);
  return found;
}

export interface StreamChannel {
  readonly name: string;
  readonly address: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: JsonObject;
  /** JSON Schema of the address's query; null: it has none. */
  readonly query: JsonObject | null;
  /** Frames of the client, and of the service. */
  readonly takes: readonly string[];
  readonly sends: readonly string[];
}

export const streamChannels: readonly StreamChannel[] = [
  {
    name: "feed",
    address: "/v1/stream",
    summary: "The feed",
    description: "All events of the deployment in one total order, through up to 16 filters.",
    parameters: {},
    query: null,
    takes: ["subscribe", "ack", "unsubscribe", "auth", "ping"],
    sends: ["welcome", "subscribed", "events", "live", "reset", "error", "closing", "pong"],
  },
  {
    name: "message",
    address: "/v1/messages/{source}/{messageId}/stream",
    summary: "One message",
    description:
      "One implicit subscription `m`, whose cursors are the message's versions. With `?after=2` the message frame is left out and later events are replayed.",
    parameters: {
      source: { description: "The source's id." },
      messageId: { description: "The message's id, percent-encoded." },
    },
    query: {
      type: "object",
      properties: {
        after: {
          type: "string",
          description: "A version: the message frame is left out, and later events are replayed.",
        },
      },
    },
    takes: ["subscribe", "ack", "unsubscribe", "auth", "ping"],
    sends: ["welcome", "subscribed", "message", "events", "live", "reset", "error", "closing", "pong"],
  },
];
