/** Vonage's message status. Version 0.1 writes addresses and errors as objects of its own, version 1 as text and problem. */
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

const addressSchema = z.union([
  optionalTextOrNumber.transform((recipient) => ({ type: null, recipient })),
  z
    .object({ type: optionalText, number: optionalTextOrNumber, id: optionalTextOrNumber })
    .transform(({ type, number, id }) => ({ type, recipient: number ?? id })),
]);

const code = optionalTextOrNumber.catch(null);

export const payloadSchema = z.object({
  message_uuid: messageIdField,
  to: optional(addressSchema),
  channel: optionalText,
  timestamp: optional(isoTime),
  status: wordField,
  error: optional(z.object({ code, reason: looseText, title: code, detail: looseText })).catch(null),
  workflow: optional(z.object({ id: optionalText })).catch(null),
  _links: optional(z.object({ workflow: optional(z.object({ dispatch_uuid: optionalText })) })).catch(null),
});

export type Payload = z.output<typeof payloadSchema>;
