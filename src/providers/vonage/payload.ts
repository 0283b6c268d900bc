/** Vonage's message status. Version 0.1 writes addresses and errors as objects of its own, version 1 as text and problem. */
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

const addressSchema = z.union([
  z.pipe(
    optionalTextOrNumber,
    z.transform((recipient) => ({ type: null, recipient })),
  ),
  z.pipe(
    z.object({ type: optionalText, number: optionalTextOrNumber, id: optionalTextOrNumber }),
    z.transform(({ type, number, id }) => ({ type, recipient: number ?? id })),
  ),
]);

export const payloadSchema = z.object({
  message_uuid: messageIdField,
  to: optional(addressSchema),
  channel: optionalText,
  timestamp: optional(isoTime),
  status: wordField,
  error: loose(
    z.object({ code: looseTextOrNumber, reason: looseText, title: looseTextOrNumber, detail: looseText }),
  ),
  workflow: loose(z.object({ id: optionalText })),
  _links: loose(z.object({ workflow: optional(z.object({ dispatch_uuid: optionalText })) })),
});

export type Payload = z.output<typeof payloadSchema>;
