/** What a list of messages can be asked for. An empty value asks for nothing; an unknown name is refused. */
import * as z from "zod";
import { limits } from "../model/limits.ts";
import { statusSchema } from "../model/status.ts";

const word = optional(z.string().max(limits.messageIdBytesMax));
/** Any RFC 3339 time; compared as UTC with milliseconds. */
const time = optional(z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()));

export const listQuerySchema = z.strictObject({
  source: word,
  provider: word,
  status: optional(statusSchema),
  channel: word,
  recipient: word,
  group: word,
  alias: word,
  messageId: word,
  /** A reason's code. */
  reason: word,
  since: time,
  until: time,
});

export type ListQuery = z.output<typeof listQuerySchema>;

/** Where a page of messages ended. */
export const positionSchema = z.strictObject({
  lastReceivedAt: z.string(),
  source: z.string(),
  messageId: z.string(),
});

export type Position = z.output<typeof positionSchema>;

function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema.optional()).optional();
}
