/** Callbell's status webhook: its fields as documented. `messageStatusPayload` is "raw JSON", in practice Gupshup's. */
import * as z from "zod/mini";
import { isJsonObject } from "../../model/json.ts";
import {
  messageIdField,
  optional,
  optionalMetadata,
  optionalText,
  optionalTextOrNumber,
  prepared,
  wordField,
} from "../fields.ts";
import { embeddedJson } from "../body.ts";
import { gupshupPayloadSchema } from "../gupshupPayload.ts";

export const payloadSchema = z.object({
  payload: z.object({
    uuid: messageIdField,
    status: wordField,
    metadata: optionalMetadata,
    contact: optional(z.object({ source: optionalText, phoneNumber: optionalTextOrNumber })),
    messageStatusPayload: prepared(objectOf, optional(gupshupPayloadSchema)),
  }),
});

export type Payload = z.output<typeof payloadSchema>;

/** The object, or its JSON as a text; of anything else we know nothing. */
function objectOf(value: unknown): unknown {
  const object = embeddedJson(value);
  return isJsonObject(object) ? object : null;
}
