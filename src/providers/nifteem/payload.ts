/** Nifteem's status webhook: its fields as documented, one message (or part of one) a webhook. */
import * as z from "zod";
import { limits } from "../../model/limits.ts";
import {
  jsonFits,
  messageIdField,
  metadataTooLarge,
  optional,
  optionalMetadata,
  optionalText,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const payloadSchema = z
  .object({
    // Older documents have neither event nor module.
    event: optionalText,
    module: optionalText,
    dispatchId: optionalText,
    messageId: messageIdField,
    messagePart: optional(z.int().positive()),
    // The number of messages that were really sent: none of what was NOSENT.
    messageTotalParts: optional(z.int().nonnegative()),
    channel: optionalText,
    channelIdentifier: optionalText,
    status: wordField,
    statusOrder: optional(z.int()),
    statusDate: isoTime,
    dispatchMetadata: optionalMetadata,
    recipientMetadata: optionalMetadata,
  })
  .transform(({ dispatchMetadata, recipientMetadata, ...payload }) => ({
    ...payload,
    // What was said of one recipient is more specific than what was said of the dispatch.
    metadata: { ...dispatchMetadata, ...recipientMetadata },
  }))
  .refine(({ metadata }) => jsonFits(metadata, limits.metadataBytesMax), {
    message: metadataTooLarge(),
    path: ["recipientMetadata"],
  });

export type Payload = z.output<typeof payloadSchema>;
