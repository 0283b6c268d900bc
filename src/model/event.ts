/** One recorded update of a message, as clients, queue and tables know it. Never changed afterwards. Source: API.md 5.3. */
import * as z from "zod/mini";
import { jsonObjectSchema, jsonSchema } from "./json.ts";
import { positiveSchema } from "./number.ts";
import { reasonSchema } from "./reason.ts";
import { statusSchema } from "./status.ts";
import { isoTime } from "./text.ts";

export const effects = ["advanced", "contradicted", "late", "noted"] as const;
export const messageEventTypes = ["message.status", "message.note"] as const;
/** What the service says of itself; only subscriptions that ask for them by `types` get them. */
export const operationalEventTypes = ["subscription.disabled", "source.silent", "source.rejecting"] as const;
export const timeSources = ["provider", "received"] as const;

/** RFC 3339, UTC, milliseconds. */
export const timeSchema = isoTime({ precision: 3 });
export const partSchema = z.strictObject({
  number: positiveSchema,
  total: positiveSchema,
});

export const eventSchema = z.strictObject({
  id: z.string(),
  type: z.enum(messageEventTypes),
  source: z.string(),
  provider: z.string(),
  messageId: z.string(),
  /** Counts the message's events in order of arrival: 1, 2, 3 … */
  version: positiveSchema,
  status: statusSchema,
  providerStatus: z.string(),
  effect: z.enum(effects),
  /** What the event's part showed before it; null before the first. */
  previous: z.nullable(statusSchema),
  /** What the event's part showed after it. */
  current: statusSchema,
  /** What the message showed after it. */
  messageStatus: statusSchema,
  /** Of the event's part, after it. */
  contradicted: z.boolean(),
  /** By the provider's clock, or the time of receipt where it gave none; `timeSource` tells which. */
  occurredAt: timeSchema,
  timeSource: z.enum(timeSources),
  receivedAt: timeSchema,
  providerOrder: z.nullable(z.int()),
  part: partSchema,
  channel: z.nullable(z.string()),
  recipient: z.nullable(z.string()),
  group: z.nullable(z.string()),
  aliases: z.array(z.string()),
  reason: z.nullable(reasonSchema),
  metadata: jsonObjectSchema,
  raw: jsonSchema,
  /** Present, and true, where the provider's item was too large to keep. */
  rawTruncated: z.optional(z.literal(true)),
  /** Present, and true, in the made-up event that tries a subscription out. */
  test: z.optional(z.literal(true)),
});

export type Event = z.infer<typeof eventSchema>;
export type Effect = (typeof effects)[number];
