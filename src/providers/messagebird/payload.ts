/** The parameters of MessageBird's status report. */
import * as z from "zod/mini";
import {
  looseText,
  messageIdField,
  optional,
  optionalText,
  prepared,
  recipientMessageId,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

/** The offset's plus sign may come unencoded, and is then read as a space. */
const time = prepared(
  (text) => (typeof text === "string" ? text.replace(/ (?=\d\d:?\d\d$)/, "+") : text),
  optional(isoTime),
);

export const payloadSchema = z.pipe(
  z.object({
    id: messageIdField,
    recipient: wordField,
    status: wordField,
    statusDatetime: time,
    statusErrorCode: optionalText,
    statusReason: looseText,
  }),
  z.transform((payload, context) => ({
    ...payload,
    messageId: recipientMessageId(payload.id, payload.recipient, ["recipient"], context),
  })),
);

export type Payload = z.output<typeof payloadSchema>;
