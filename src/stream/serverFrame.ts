/** What the service sends, for whoever describes or checks it. The Worker reads none of it, and carries none of it. */
import * as z from "zod/mini";
import { eventSchema, timeSchema } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import { messageSchema } from "../model/message.ts";
import { countSchema, positiveSchema } from "../model/number.ts";
import { textUpTo } from "../model/text.ts";

const idSchema = textUpTo(limits.streamIdCharactersMax);
const cursorSchema = z.string();
const errorCodes = ["invalid_filter", "invalid_cursor"] as const;
const resetReasons = ["expired", "epoch", "ahead"] as const;

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

export type ServerFrame = z.infer<typeof serverFrameSchema>;
export type ResetReason = (typeof resetReasons)[number];
export type ErrorCode = (typeof errorCodes)[number];
