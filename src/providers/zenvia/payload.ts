/** Zenvia's MESSAGE_STATUS event. The members that it calls deprecated are read where the newer ones are missing. */
import * as z from "zod/mini";
import { loose } from "../../model/loose.ts";
import { countSchema } from "../../model/number.ts";
import {
  looseText,
  looseTextOrNumber,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  withMessageId,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const payloadSchema = withMessageId(
  z.object({
    id: optionalText,
    type: z.literal("MESSAGE_STATUS"),
    timestamp: optional(isoTime),
    channel: optionalText,
    messageId: optional(messageIdField),
    contentIndex: optional(countSchema),
    message: optional(
      z.object({
        id: optional(messageIdField),
        externalId: optionalText,
        contentIndex: optional(countSchema),
        to: optionalTextOrNumber,
      }),
    ),
    messageStatus: z.object({
      timestamp: optional(isoTime),
      code: wordField,
      description: looseText,
      causes: loose(
        z.array(z.object({ channelErrorCode: looseTextOrNumber, reason: looseText, details: looseText })),
      ),
    }),
  }),
  ({ message, messageId }) => message?.id ?? messageId,
  ["message", "id"],
);

export type Payload = z.output<typeof payloadSchema>;
