/** What a list of messages can be asked for. An unknown name is refused. */
import * as z from "zod";
import { limits } from "../model/limits.ts";
import { statusSchema } from "../model/status.ts";

const word = z.string().max(limits.messageIdBytesMax).optional();
/** Any RFC 3339 time; compared as UTC with milliseconds. */
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .optional();

export const listQuerySchema = z.strictObject({
  source: word,
  provider: word,
  status: statusSchema.optional(),
  /** Channels are kept in lower case; who asks may write them as the provider does. */
  channel: word.transform((channel) => channel?.toLowerCase()),
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
