/** Wati's events of a message that was sent. The id of the sending call is its key; WhatsApp's comes with it. */
import * as z from "zod/mini";
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
import { isoTime, unixSecondsOrMilliseconds } from "../time.ts";

export const payloadSchema = withMessageId(
  z.object({
    eventType: wordField,
    statusString: wordField,
    localMessageId: optional(messageIdField),
    whatsappMessageId: optional(messageIdField),
    id: optionalText,
    waId: optionalTextOrNumber,
    timestamp: optional(unixSecondsOrMilliseconds),
    created: optional(isoTime),
    failedCode: looseTextOrNumber,
    failedDetail: looseText,
  }),
  ({ localMessageId, whatsappMessageId }) => localMessageId ?? whatsappMessageId,
  ["localMessageId"],
);

export type Payload = z.output<typeof payloadSchema>;
