/** The parameters of MessageBird's status report. */
import * as z from "zod";
import {
  looseText,
  messageIdField,
  optional,
  optionalText,
  recipientMessageId,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

/** The offset's plus sign may come unencoded, and is then read as a space. */
const time = z.preprocess(
  (text) => (typeof text === "string" ? text.replace(/ (?=\d\d:?\d\d$)/, "+") : text),
  optional(isoTime),
);

export const payloadSchema = z
  .object({
    id: messageIdField,
    recipient: wordField,
    status: wordField,
    statusDatetime: time,
    statusErrorCode: optionalText,
    statusReason: looseText,
  })
  .transform((payload, context) => ({
    ...payload,
    messageId: recipientMessageId(payload.id, payload.recipient, ["recipient"], context),
  }));

export type Payload = z.output<typeof payloadSchema>;
