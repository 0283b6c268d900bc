/** Bird's webhooks about a message that was sent, and about what became of it at its recipient. */
import * as z from "zod/mini";
import { loose } from "../../model/loose.ts";
import {
  looseText,
  looseTextOrNumber,
  messageIdField,
  optional,
  optionalText,
  optionalTextOrNumber,
  wordField,
} from "../fields.ts";
import { isoTime } from "../time.ts";

export const outboundSchema = z.object({
  event: wordField,
  payload: z.object({
    id: messageIdField,
    status: wordField,
    reason: looseText,
    failure: loose(
      z.object({
        code: looseTextOrNumber,
        description: looseText,
        source: optional(z.object({ name: looseText, code: looseTextOrNumber })),
      }),
    ),
    receiver: optional(
      z.object({ contacts: optional(z.array(z.object({ identifierValue: optionalTextOrNumber }))) }),
    ),
    parts: loose(z.array(z.object({ platformReference: looseText }))),
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
