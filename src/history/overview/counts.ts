/** What the overview is made of, as the tables give it. */
import * as z from "zod/mini";
import { statusSchema } from "../../model/status.ts";

export const countRowSchema = z.object({
  minute: z.string(),
  source: z.string(),
  measure: z.enum(["status", "effect", "repeats", "reason", "sentToDelivered", "deliveredToRead"]),
  bucket: z.string(),
  count: z.int(),
});

export type CountRow = z.infer<typeof countRowSchema>;

export const activeRowSchema = z.object({
  source: z.string(),
  status: statusSchema,
  count: z.int(),
  lastReceivedAt: z.string(),
});

export type ActiveRow = z.infer<typeof activeRowSchema>;
