/** Zenvia's MESSAGE_STATUS event. The members that it calls deprecated are read where the newer ones are missing. */
import * as z from "zod";
import {
  looseText,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const payloadSchema = z
  .object({
    id: optionalText,
    type: z.literal("MESSAGE_STATUS"),
    timestamp: optional(isoTime),
    channel: optionalText,
    messageId: optional(messageIdField),
    contentIndex: optional(z.int().nonnegative()),
    message: optional(
      z.object({
        id: optional(messageIdField),
        externalId: optionalText,
        contentIndex: optional(z.int().nonnegative()),
        to: optionalTextOrNumber,
      }),
    ),
    messageStatus: z.object({
      timestamp: optional(isoTime),
      code: wordField,
      description: looseText,
      causes: optional(
        z.array(
          z.object({
            channelErrorCode: optionalTextOrNumber.catch(null),
            reason: looseText,
            details: looseText,
          }),
        ),
      ).catch(null),
    }),
  })
  .transform((payload, context) => {
    const messageId = payload.message?.id ?? payload.messageId;
    if (messageId !== null) return { ...payload, messageId };
    context.addIssue({ code: "custom", message: "must name the message", path: ["message", "id"] });
    return z.NEVER;
  });

export type Payload = z.output<typeof payloadSchema>;
