/** Telnyx's message event. Its status stands with each recipient; where there are several, each has a message of its own. */
import * as z from "zod";
import { jsonSchema } from "../../model/json.ts";
import {
  looseText,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  recipientMessageId,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const payloadSchema = z.object({
  data: z.object({
    event_type: wordField,
    id: optionalText,
    occurred_at: optional(isoTime),
    payload: z.object({
      id: messageIdField,
      type: optionalText,
      to: z.array(jsonSchema).min(1, "must name at least one recipient"),
      errors: optional(
        z.array(z.object({ code: optionalTextOrNumber.catch(null), title: looseText, detail: looseText })),
      ).catch(null),
    }),
  }),
});

export function recipientSchema(id: string, isShared: boolean) {
  return z.object({ phone_number: wordField, status: wordField }).transform((recipient, context) => ({
    ...recipient,
    messageId: isShared ? recipientMessageId(id, recipient.phone_number, ["phone_number"], context) : id,
  }));
}

export type Payload = z.output<typeof payloadSchema>;
export type Recipient = z.output<ReturnType<typeof recipientSchema>>;
