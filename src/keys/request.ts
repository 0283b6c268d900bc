/** What may be asked of keys: the bodies of `/v1/keys`. */
import * as z from "zod/mini";
import { scopeSchema, sourceIdSchema } from "../model/access.ts";
import * as limits from "../model/limits.ts";
import { instantSchema } from "../model/text.ts";

const nameSchema = z.string().check(z.trim(), z.minLength(1), z.maxLength(limits.nameCharactersMax));

/** A key without a scope, or bound to no source, could do nothing; whoever writes that means something else. */
const scopesSchema = z.pipe(z.array(scopeSchema).check(z.minLength(1)), z.transform(unique));
const sourcesSchema = z.pipe(
  z.array(sourceIdSchema).check(z.minLength(1), z.maxLength(limits.sourcesMax)),
  z.transform(unique),
);

export const newKeySchema = z.strictObject({
  name: nameSchema,
  scopes: scopesSchema,
  sources: z.optional(z.nullable(sourcesSchema)),
  expiresAt: z.optional(z.nullable(instantSchema)),
});

export const keyChangeSchema = z.strictObject({
  name: z.optional(nameSchema),
  scopes: z.optional(scopesSchema),
  sources: z.optional(z.nullable(sourcesSchema)),
  expiresAt: z.optional(z.nullable(instantSchema)),
});

export const keyRotationSchema = z.strictObject({
  overlapSeconds: z._default(
    z.int().check(z.minimum(0), z.maximum(limits.rotationOverlapSecondsMax)),
    limits.rotationOverlapSecondsDefault,
  ),
});

function unique<Value>(values: Value[]): Value[] {
  return [...new Set(values)];
}
