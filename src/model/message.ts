/** One message as its readers see it. Source: API.md 5.2. */
import * as z from "zod/mini";
import { eventSchema, timeSchema } from "./event.ts";
import { jsonObjectSchema } from "./json.ts";
import { countSchema, positiveSchema } from "./number.ts";
import { reasonSchema } from "./reason.ts";
import { statusSchema } from "./status.ts";

const partStateSchema = z.strictObject({
  number: positiveSchema,
  status: statusSchema,
  statusAt: z.nullable(timeSchema),
  contradicted: z.boolean(),
  reason: z.nullable(reasonSchema),
});

/** A message without its history: what lists and the message table hold. */
export const messageSummarySchema = z.strictObject({
  source: z.string(),
  provider: z.string(),
  messageId: z.string(),
  status: statusSchema,
  statusAt: z.nullable(timeSchema),
  /** How many events the message has. */
  version: positiveSchema,
  final: z.boolean(),
  contradicted: z.boolean(),
  partial: z.boolean(),
  deletedAt: z.nullable(timeSchema),
  channel: z.nullable(z.string()),
  recipient: z.nullable(z.string()),
  group: z.nullable(z.string()),
  aliases: z.array(z.string()),
  reason: z.nullable(reasonSchema),
  firstAt: z.partialRecord(statusSchema, timeSchema),
  partsTotal: positiveSchema,
  parts: z.array(partStateSchema),
  duplicates: countSchema,
  overflow: countSchema,
  metadata: jsonObjectSchema,
  firstReceivedAt: timeSchema,
  lastReceivedAt: timeSchema,
  /** Present, and true, in a list where parts and metadata were too large to repeat. */
  abridged: z.optional(z.literal(true)),
});

export const messageSchema = z.strictObject({ ...messageSummarySchema.shape, history: z.array(eventSchema) });

export type PartState = z.infer<typeof partStateSchema>;
export type MessageSummary = z.infer<typeof messageSummarySchema>;
export type Message = z.infer<typeof messageSchema>;
