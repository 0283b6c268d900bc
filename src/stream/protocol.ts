/**
 * The frames of the subprotocol `tickline.v1`, both ways. Source: API.md 6; explained in docs/stream.md.
 *
 * Every frame that leaves the service fits `serverFrameSchema`, and every frame that enters is read by
 * `readClientFrame`; a field that we do not know is ignored, a type that we do not know closes the socket.
 */
import * as z from "zod/mini";
import { eventSchema, timeSchema } from "../model/event.ts";
import type { Filter } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { type Message, messageSchema } from "../model/message.ts";
import { countSchema, positiveSchema } from "../model/number.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { textUpTo } from "../model/text.ts";
import { type Closing, closing, retryAfterMsOf } from "./close.ts";

export const subprotocol = "tickline.v1";
/** A browser offers its stream token as a second subprotocol behind this prefix. */
export const tokenSubprotocolPrefix = "bearer.";

const idSchema = textUpTo(limits.streamIdCharactersMax);
const cursorSchema = z.string();

export const clientFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("subscribe"),
    id: idSchema,
    /** A cursor, "now", "earliest", or left out (now). */
    after: z.optional(z.string()),
    /** Read apart, by `filterSchema`: a wrong filter is an `error` frame, not the end of the socket. */
    filter: z.optional(z.unknown()),
  }),
  z.object({ type: z.literal("ack"), id: idSchema, cursor: cursorSchema }),
  z.object({ type: z.literal("unsubscribe"), id: idSchema }),
  z.object({ type: z.literal("auth"), token: z.string() }),
  z.object({ type: z.literal("ping") }),
]);

/** A client of our own states its filter in the filter's shape. */
export type SentFrame =
  | { type: "subscribe"; id: string; after?: string; filter?: Filter }
  | Exclude<ClientFrame, { type: "subscribe" }>;

export const errorCodes = ["invalid_filter", "invalid_cursor"] as const;
export const resetReasons = ["expired", "epoch", "ahead"] as const;

export const serverFrameSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("welcome"),
    connection: z.string(),
    expiresAt: z.nullable(timeSchema),
    pingSeconds: positiveSchema,
    maxSubscriptions: positiveSchema,
  }),
  z.object({ type: z.literal("subscribed"), id: idSchema, from: cursorSchema, head: cursorSchema }),
  z.object({
    type: z.literal("events"),
    id: idSchema,
    from: cursorSchema,
    to: cursorSchema,
    replay: z.boolean(),
    events: z.array(z.strictObject({ ...eventSchema.shape, cursor: cursorSchema })),
  }),
  z.object({ type: z.literal("live"), id: idSchema, cursor: cursorSchema }),
  z.object({
    type: z.literal("reset"),
    id: idSchema,
    reason: z.enum(resetReasons),
    earliest: cursorSchema,
    head: cursorSchema,
  }),
  z.object({
    type: z.literal("error"),
    id: idSchema,
    code: z.enum(errorCodes),
    message: z.string(),
    retryable: z.boolean(),
  }),
  z.object({
    type: z.literal("closing"),
    code: z.int(),
    reason: z.string(),
    retryAfterMs: countSchema,
  }),
  z.object({ type: z.literal("message"), message: z.nullable(messageSchema) }),
  z.object({ type: z.literal("pong") }),
]);

export type ClientFrame = z.infer<typeof clientFrameSchema>;
export type ServerFrame = z.infer<typeof serverFrameSchema>;
export type ResetReason = (typeof resetReasons)[number];
export type ErrorCode = (typeof errorCodes)[number];

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
