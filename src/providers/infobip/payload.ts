/** Infobip's reports: of delivery, with a status and an error, and of being seen, which is a shape of its own. */
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

const sharedShape = {
  messageId: messageIdField,
  bulkId: optionalText,
  to: optionalTextOrNumber,
  channel: optionalText,
};

export const deliverySchema = z.object({
  ...sharedShape,
  doneAt: optional(isoTime),
  status: z.object({ groupName: optionalText, name: wordField, description: looseText }),
  error: optional(
    z.object({ name: optionalText, description: looseText, permanent: optional(z.boolean()).catch(null) }),
  ),
});

export const seenSchema = z.object({ ...sharedShape, seenAt: isoTime });

export type Delivery = z.output<typeof deliverySchema>;
export type Seen = z.output<typeof seenSchema>;
