/** Gupshup's own envelope (version 2) around its status object. Version 3 is WhatsApp's webhook with Gupshup's ids. */
import * as z from "zod/mini";
import { messageIdField, optional, wordField } from "../fields.ts";
import { gupshupPayloadSchema } from "../gupshupPayload.ts";
import { unixMilliseconds } from "../time.ts";

export const payloadSchema = z.object({
  type: z.literal("message-event"),
  /** When Gupshup made the event. */
  timestamp: optional(unixMilliseconds),
  payload: z.object({
    ...gupshupPayloadSchema.shape,
    id: messageIdField,
    gsId: optional(messageIdField),
    type: wordField,
  }),
});

export type Payload = z.output<typeof payloadSchema>;
