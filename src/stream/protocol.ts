/**
 * The frames of the subprotocol `tickline.v1`, both ways. Source: API.md 6; explained in docs/stream.md.
 *
 * Every frame that leaves the service fits `serverFrameSchema` (serverFrame.ts), and every frame that enters is read by
 * `readClientFrame`; a field that we do not know is ignored, a type that we do not know closes the socket.
 */
import * as z from "zod/mini";
import type { Filter } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import type { Message } from "../model/message.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { textUpTo } from "../model/text.ts";
import { type Closing, closing, retryAfterMsOf } from "./close.ts";
import type { ServerFrame } from "./serverFrame.ts";

export const subprotocol = "tickline.v1";
/** A browser offers its stream token as a second subprotocol behind this prefix. */
export const tokenSubprotocolPrefix = "bearer.";

const idSchema = textUpTo(limits.streamIdCharactersMax);

export const clientFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    id: idSchema,
    /** A cursor, "now", "earliest", or left out (now). */
    after: z.optional(z.string()),
    /** Read apart, by `filterSchema`: a wrong filter is an `error` frame, not the end of the socket. */
    filter: z.optional(z.unknown()),
  }),
  z.object({ type: z.literal("ack"), id: idSchema, cursor: z.string() }),
  z.object({ type: z.literal("unsubscribe"), id: idSchema }),
  z.object({ type: z.literal("auth"), token: z.string() }),
  z.object({ type: z.literal("ping") }),
]);

/** A client of our own states its filter in the filter's shape. */
export type SentFrame =
  | { type: "subscribe"; id: string; after?: string; filter?: Filter }
  | Exclude<ClientFrame, { type: "subscribe" }>;

export type ClientFrame = z.infer<typeof clientFrameSchema>;

/** Exactly these bytes are answered by the platform, without waking the object. */
export const pingText = '{"type":"ping"}';
export const pongText = '{"type":"pong"}';

export function readClientFrame(data: string | ArrayBuffer): Result<ClientFrame, Closing> {
  if (typeof data !== "string") return fail(closing("malformed", "frames are text"));
  if (utf8Bytes(data) > limits.streamFrameBytesMax) {
    return fail(closing("frameTooLarge", `a frame is at most ${limits.streamFrameBytesMax} bytes`));
  }
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return fail(closing("malformed", "the frame is not JSON"));
  }
  const parsed = clientFrameSchema.safeParse(value);
  return parsed.success
    ? succeed(parsed.data)
    : fail(closing("malformed", "the frame is of an unknown type or lacks a field"));
}

/** All frames but `events` and `message`, which are put together from texts made before. */
export type PlainFrame = Exclude<ServerFrame, { type: "events" | "message" }>;

export function frameText(frame: PlainFrame): string {
  return JSON.stringify(frame);
}

/** `events` are JSON texts that carry their cursor already, joined by commas; many sockets share them. */
export function eventsFrameText(frame: {
  id: string;
  from: string;
  to: string;
  replay: boolean;
  events: string;
}): string {
  const { id, from, to, replay, events } = frame;
  return `{"type":"events","id":${JSON.stringify(id)},"from":"${from}","to":"${to}","replay":${replay},"events":[${events}]}`;
}

export function messageFrameText(message: Message | null): string {
  return JSON.stringify({ type: "message", message });
}

/** Says goodbye where the client may come back; for 44xx the close itself says all. */
export function closingFrames({ code, reason }: Closing): string[] {
  const waitMs = retryAfterMsOf(code);
  return waitMs === null ? [] : [frameText({ type: "closing", code, reason, retryAfterMs: waitMs })];
}

export function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
