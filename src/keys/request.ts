/** What may be asked of keys: the bodies of `/v1/keys`. */
import * as z from "zod";
import { scopeSchema, sourceIdSchema } from "../model/access.ts";
import { limits } from "../model/limits.ts";

const nameSchema = z.string().trim().min(1).max(limits.nameCharactersMax);

/** A key without a scope, or bound to no source, could do nothing; whoever writes that means something else. */
const scopesSchema = z.array(scopeSchema).min(1).transform(unique);
const sourcesSchema = z.array(sourceIdSchema).min(1).max(limits.sourcesMax).transform(unique);

const expirySchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

export const newKeySchema = z.strictObject({
  name: nameSchema,
  scopes: scopesSchema,
  sources: sourcesSchema.nullable().optional(),
  expiresAt: expirySchema.nullable().optional(),
});

export const keyChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  scopes: scopesSchema.optional(),
  sources: sourcesSchema.nullable().optional(),
  expiresAt: expirySchema.nullable().optional(),
});

export const keyRotationSchema = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(limits.rotationOverlapSecondsMax)
    .default(limits.rotationOverlapSecondsDefault),
});

function unique<Value>(values: Value[]): Value[] {
  return [...new Set(values)];
}
