/** Twilio's two ways to report: the callback's parameters, which have no time, and the events of Event Streams, which do. */
import * as z from "zod/mini";
import {
  looseText,
  looseTextOrNumber,
  messageIdField,
  optional,
  optionalMetadata,
  optionalText,
  refused,
  wordField,
} from "../fields.ts";
import { isoTime, type ProviderTime } from "../time.ts";

/** What both come to. */
export interface Report {
  readonly messageId: string;
  readonly status: string;
  readonly to: string | null;
  readonly code: string | null;
  readonly text: string | null;
  readonly time: ProviderTime | null;
  readonly tags: z.output<typeof optionalMetadata>;
  readonly eventId: string | null;
}

export const callbackSchema = z.pipe(
  z.object({
    MessageSid: optional(messageIdField),
    SmsSid: optional(messageIdField),
    MessageStatus: optional(wordField),
    SmsStatus: optional(wordField),
    To: optionalText,
    ErrorCode: optionalText,
    ErrorMessage: looseText,
  }),
  z.transform((callback, context): Report => {
    const messageId = callback.MessageSid ?? callback.SmsSid;
    const status = callback.MessageStatus ?? callback.SmsStatus;
    if (messageId === null || status === null) {
      const path = [messageId === null ? "MessageSid" : "MessageStatus"];
      return refused(context, "must be given", path);
    }
    const { To: to, ErrorCode: code, ErrorMessage: text } = callback;
    return { messageId, status, to, code, text, time: null, tags: {}, eventId: null };
  }),
);

export const eventSchema = z.pipe(
  z.object({
    id: optionalText,
    data: z.object({
      messageSid: messageIdField,
      messageStatus: wordField,
      timestamp: optional(isoTime),
      to: optionalText,
      errorCode: looseTextOrNumber,
      tags: optionalMetadata,
    }),
  }),
  z.transform(({ id, data }): Report => ({
    messageId: data.messageSid,
    status: data.messageStatus,
    to: data.to,
    code: data.errorCode,
    text: null,
    time: data.timestamp,
    tags: data.tags,
    eventId: id,
  })),
);
