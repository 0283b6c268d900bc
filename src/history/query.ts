/** What a list of messages can be asked for. An unknown name is refused. */
import * as z from "zod/mini";
import * as limits from "../model/limits.ts";
import { statusSchema } from "../model/status.ts";
import { instantSchema } from "../model/text.ts";

const word = z.optional(z.string().check(z.maxLength(limits.messageIdBytesMax)));
/** Any RFC 3339 time; compared as UTC with milliseconds. */
const time = z.optional(
  z.pipe(
    instantSchema,
    z.transform((ms) => new Date(ms).toISOString()),
  ),
);

export const listQuerySchema = z.strictObject({
  source: word,
  provider: word,
  status: z.optional(statusSchema),
  /** Channels are kept in lower case; who asks may write them as the provider does. */
  channel: z.pipe(
    word,
    z.transform((channel) => channel?.toLowerCase()),
  ),
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
