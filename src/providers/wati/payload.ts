/** Wati's events of a message that was sent. The id of the sending call is its key; WhatsApp's comes with it. */
import * as z from "zod";
import {
  looseText,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  wordField,
} from "../fields.ts";
import { isoTime, unixSecondsOrMilliseconds } from "../time.ts";

export const payloadSchema = z
  .object({
    eventType: wordField,
    statusString: wordField,
    localMessageId: optional(messageIdField),
    whatsappMessageId: optional(messageIdField),
    id: optionalText,
    waId: optionalTextOrNumber,
    timestamp: optional(unixSecondsOrMilliseconds),
    created: optional(isoTime),
    failedCode: optionalTextOrNumber.catch(null),
    failedDetail: looseText,
  })
  .transform((payload, context) => {
    const messageId = payload.localMessageId ?? payload.whatsappMessageId;
    if (messageId !== null) return { ...payload, messageId };
    context.addIssue({ code: "custom", message: "must name the message", path: ["localMessageId"] });
    return z.NEVER;
  });

export type Payload = z.output<typeof payloadSchema>;
