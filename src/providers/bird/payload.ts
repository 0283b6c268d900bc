/** Bird's webhooks about a message that was sent, and about what became of it at its recipient. */
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

const code = optionalTextOrNumber.catch(null);

export const outboundSchema = z.object({
  event: wordField,
  payload: z.object({
    id: messageIdField,
    status: wordField,
    reason: looseText,
    failure: optional(
      z.object({ code, description: looseText, source: optional(z.object({ name: looseText, code })) }),
    ).catch(null),
    receiver: optional(
      z.object({ contacts: optional(z.array(z.object({ identifierValue: optionalTextOrNumber }))) }),
    ),
    parts: optional(z.array(z.object({ platformReference: looseText }))).catch(null),
    lastStatusAt: optional(isoTime),
    updatedAt: optional(isoTime),
  }),
});

export const interactionSchema = z.object({
  event: wordField,
  payload: z.object({
    id: optionalText,
    messageId: messageIdField,
    type: wordField,
    createdAt: optional(isoTime),
  }),
});

export type Outbound = z.output<typeof outboundSchema>;
export type Interaction = z.output<typeof interactionSchema>;
