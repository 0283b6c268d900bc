/** Infobip's reports: of delivery, with a status and an error, and of being seen, which is a shape of its own. */
import * as z from "zod";
import { messageIdField, optional, optionalText, optionalTextOrNumber, wordField } from "../fields.ts";
import { isoTime } from "../time.ts";

const sharedShape = {
  messageId: messageIdField,
  bulkId: optionalText,
  to: optionalTextOrNumber,
  channel: optionalText,
};

const text = optional(z.string()).catch(null);

export const deliverySchema = z.object({
  ...sharedShape,
  doneAt: optional(isoTime),
  status: z.object({ groupName: optionalText, name: wordField, description: text }),
  error: optional(
    z.object({ name: optionalText, description: text, permanent: optional(z.boolean()).catch(null) }),
  ),
});

export const seenSchema = z.object({ ...sharedShape, seenAt: isoTime });

export type Delivery = z.output<typeof deliverySchema>;
export type Seen = z.output<typeof seenSchema>;
