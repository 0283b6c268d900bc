/** Telnyx's message event. Its status stands with each recipient; where there are several, each has a message of its own. */
import * as z from "zod/mini";
import { jsonSchema } from "../../model/json.ts";
import { loose } from "../../model/loose.ts";
import {
  looseText,
  looseTextOrNumber,
  messageIdField,
  optional,
  optionalText,
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
      to: z.array(jsonSchema).check(z.minLength(1, "must name at least one recipient")),
      errors: loose(z.array(z.object({ code: looseTextOrNumber, title: looseText, detail: looseText }))),
    }),
  }),
});

export function recipientSchema(id: string, isShared: boolean) {
  return z.pipe(
    z.object({ phone_number: wordField, status: wordField }),
    z.transform((recipient, context) => ({
      ...recipient,
      messageId: isShared ? recipientMessageId(id, recipient.phone_number, ["phone_number"], context) : id,
    })),
  );
}

export type Payload = z.output<typeof payloadSchema>;
export type Recipient = z.output<ReturnType<typeof recipientSchema>>;
