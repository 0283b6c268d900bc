/** What may be asked of sources: the bodies of section 5.1 of the contract. */
import * as z from "zod";
import { sourceIdSchema } from "../model/access.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import { limits } from "../model/limits.ts";

export const sourceStatusSchema = z.enum(["active", "inactive"]);

export const rateLimitSchema = z.strictObject({
  perSecond: z.number().positive().max(100_000),
  /** How many may come at once after a silence. */
  burst: z.int().positive().max(100_000),
});

const nameSchema = z.string().trim().min(1).max(limits.nameCharactersMax);

/** Each entry is checked by its own scheme. No entry at all would let everybody in. */
const authSchema = z
  .array(z.custom<JsonObject>(isJsonObject, "must be an object"))
  .min(1, "must name at least one proof")
  .max(limits.authEntriesMax);

export const newSourceSchema = z.strictObject({
  provider: z.string(),
  name: nameSchema,
  id: sourceIdSchema.optional(),
  auth: authSchema.optional(),
  rateLimit: rateLimitSchema.nullable().optional(),
});

export const sourceChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  status: sourceStatusSchema.optional(),
  auth: authSchema.optional(),
  rateLimit: rateLimitSchema.nullable().optional(),
});

export const rotationSchema = z.strictObject({
  /** Left out: the same kinds of proof, with new secrets. */
  auth: authSchema.optional(),
  overlapSeconds: z
    .int()
    .min(0)
    .max(limits.rotationOverlapSecondsMax)
    .default(limits.rotationOverlapSecondsDefault),
});

export type RateLimit = z.infer<typeof rateLimitSchema>;
export type SourceStatus = z.infer<typeof sourceStatusSchema>;
