/** What may be asked of sources: the bodies of section 5.1 of the contract. */
import * as z from "zod/mini";
import { sourceIdSchema } from "../model/access.ts";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import * as limits from "../model/limits.ts";

export const sourceStatusSchema = z.enum(["active", "inactive"]);

export const rateLimitSchema = z.strictObject({
  perSecond: z.number().check(z.positive(), z.maximum(100_000)),
  /** How many may come at once after a silence. */
  burst: z.int().check(z.positive(), z.maximum(100_000)),
});

const nameSchema = z.string().check(z.trim(), z.minLength(1), z.maxLength(limits.nameCharactersMax));

/** Each entry is checked by its own scheme. No entry at all would let everybody in. */
const authSchema = z
  .array(z.custom<JsonObject>(isJsonObject, "must be an object"))
  .check(z.minLength(1, "must name at least one proof"), z.maxLength(limits.authEntriesMax));

export const newSourceSchema = z.strictObject({
  provider: z.string(),
  name: nameSchema,
  id: z.optional(sourceIdSchema),
  auth: z.optional(authSchema),
  rateLimit: z.optional(z.nullable(rateLimitSchema)),
});

export const sourceChangeSchema = z.strictObject({
  name: z.optional(nameSchema),
  status: z.optional(sourceStatusSchema),
  auth: z.optional(authSchema),
  rateLimit: z.optional(z.nullable(rateLimitSchema)),
});

export const rotationSchema = z.strictObject({
  /** Left out: the same kinds of proof, with new secrets. */
  auth: z.optional(authSchema),
  overlapSeconds: z._default(
    z.int().check(z.minimum(0), z.maximum(limits.rotationOverlapSecondsMax)),
    limits.rotationOverlapSecondsDefault,
  ),
});

export type RateLimit = z.infer<typeof rateLimitSchema>;
export type SourceStatus = z.infer<typeof sourceStatusSchema>;
