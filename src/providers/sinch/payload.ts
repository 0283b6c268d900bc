/** Sinch's reports: of the Conversation API, and of the SMS API about one recipient or, summed up, about a batch. */
import * as z from "zod/mini";
import { jsonSchema } from "../../model/json.ts";
import { loose } from "../../model/loose.ts";
import {
  looseText,
  looseTextOrNumber,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  recipientMessageId,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const conversationSchema = z.object({
  event_time: optional(isoTime),
  accepted_time: optional(isoTime),
  message_delivery_report: z.object({
    message_id: messageIdField,
    status: wordField,
    channel_identity: optional(z.object({ channel: optionalText, identity: optionalTextOrNumber })),
    reason: loose(z.object({ code: looseTextOrNumber, description: looseText })),
  }),
});

export const summarySchema = z.object({ status: wordField, code: looseTextOrNumber });

export const smsSchema = z.pipe(
  z.object({
    ...summarySchema.shape,
    batch_id: messageIdField,
    recipient: wordField,
    at: optional(isoTime),
  }),
  z.transform((report, context) => ({
    ...report,
    messageId: recipientMessageId(report.batch_id, report.recipient, ["recipient"], context),
  })),
);

export const batchSchema = z.object({ batch_id: messageIdField, statuses: z.array(jsonSchema) });

export function recipientOf(batchId: string) {
  return z.pipe(
    wordField,
    z.transform((recipient, context) => ({
      recipient,
      messageId: recipientMessageId(batchId, recipient, [], context),
    })),
  );
}

export type Conversation = z.output<typeof conversationSchema>;
export type Summary = z.output<typeof summarySchema>;
