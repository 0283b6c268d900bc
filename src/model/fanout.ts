/** What travels through the EVENTS queue: one recorded event with the message as it then was. */
import * as z from "zod/mini";
import { eventSchema } from "./event.ts";
import { messageSummarySchema } from "./message.ts";
import { countSchema } from "./number.ts";

export const fanOutItemSchema = z.strictObject({
  event: eventSchema,
  /** As of this version or a later one: the table keeps whichever is newest. */
  summary: messageSummarySchema,
  /** Repeats counted on the message between the event before and this one; for the overview. */
  repeats: countSchema,
});

export type FanOutItem = z.infer<typeof fanOutItemSchema>;
