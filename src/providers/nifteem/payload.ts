/** Nifteem's status webhook: its fields as documented, one message (or part of one) a webhook. */
import * as z from "zod/mini";
import * as limits from "../../model/limits.ts";
import { countSchema, positiveSchema } from "../../model/number.ts";
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
  .pipe(
    z.object({
      // Older documents have neither event nor module.
      event: optionalText,
      module: optionalText,
      dispatchId: optionalText,
      messageId: messageIdField,
      messagePart: optional(positiveSchema),
      // The number of messages that were really sent: none of what was NOSENT.
      messageTotalParts: optional(countSchema),
      channel: optionalText,
      channelIdentifier: optionalText,
      status: wordField,
      statusOrder: optional(z.int()),
      statusDate: isoTime,
      dispatchMetadata: optionalMetadata,
      recipientMetadata: optionalMetadata,
    }),
    z.transform(({ dispatchMetadata, recipientMetadata, ...payload }) => ({
      ...payload,
      // What was said of one recipient is more specific than what was said of the dispatch.
      metadata: { ...dispatchMetadata, ...recipientMetadata },
    })),
  )
  .check(
    z.refine(({ metadata }) => jsonFits(metadata, limits.metadataBytesMax), {
      message: metadataTooLarge(),
      path: ["recipientMetadata"],
    }),
  );

export type Payload = z.output<typeof payloadSchema>;
