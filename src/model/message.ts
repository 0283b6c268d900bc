/** One message as its readers see it. Source: API.md 5.2. */
import * as z from "zod";
import { eventSchema, timeSchema } from "./event.ts";
import { jsonObjectSchema } from "./json.ts";
import { reasonSchema } from "./reason.ts";
import { statusSchema } from "./status.ts";

const partStateSchema = z.strictObject({
  number: z.int().positive(),
  status: statusSchema,
  statusAt: timeSchema.nullable(),
  contradicted: z.boolean(),
  reason: reasonSchema.nullable(),
});

/** A message without its history: what lists and the message table hold. */
export const messageSummarySchema = z.strictObject({
  source: z.string(),
  provider: z.string(),
  messageId: z.string(),
  status: statusSchema,
  statusAt: timeSchema.nullable(),
  /** How many events the message has. */
  version: z.int().positive(),
  final: z.boolean(),
  contradicted: z.boolean(),
  partial: z.boolean(),
  deletedAt: timeSchema.nullable(),
  channel: z.string().nullable(),
  recipient: z.string().nullable(),
  group: z.string().nullable(),
  aliases: z.array(z.string()),
  reason: reasonSchema.nullable(),
  firstAt: z.partialRecord(statusSchema, timeSchema),
  partsTotal: z.int().positive(),
  parts: z.array(partStateSchema),
  duplicates: z.int().nonnegative(),
  overflow: z.int().nonnegative(),
  metadata: jsonObjectSchema,
  firstReceivedAt: timeSchema,
  lastReceivedAt: timeSchema,
  /** Present, and true, in a list where parts and metadata were too large to repeat. */
  abridged: z.literal(true).optional(),
});

export const messageSchema = messageSummarySchema.extend({ history: z.array(eventSchema) });

export type PartState = z.infer<typeof partStateSchema>;
export type MessageSummary = z.infer<typeof messageSummarySchema>;
export type Message = z.infer<typeof messageSchema>;
