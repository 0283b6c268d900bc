/**
 * What an auth entry consists of, as JSON Schema. Zod's own `toJSONSchema` says the same of every kind of schema, which
 * is a fifteenth of what the Worker may weigh; entries are flat, and made of few kinds. A test holds the two together.
 */
import * as core from "zod/v4/core";

type Described = Readonly<Record<string, unknown>>;

export function describeEntry(entry: core.$ZodType): Described {
  if (!(entry instanceof core.$ZodObject)) throw new TypeError("an auth entry is an object");
  const members = Object.entries(entry._zod.def.shape);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(members.map(([name, member]) => [name, describeMember(member)])),
    required: members.filter(([, { _zod }]) => _zod.optin === undefined).map(([name]) => name),
    additionalProperties: false,
  };
}

function describeMember(member: core.$ZodType): Described {
  if (member instanceof core.$ZodDefault) {
    const { defaultValue, innerType } = member._zod.def;
    return { default: defaultValue, ...describeMember(innerType) };
  }
  if (member instanceof core.$ZodOptional) return describeMember(member._zod.def.innerType);
  if (member instanceof core.$ZodLiteral) return { type: "string", const: member._zod.def.values[0] };
  if (member instanceof core.$ZodEnum) return { type: "string", enum: Object.keys(member._zod.def.entries) };
  const bounds = Object.fromEntries((member._zod.def.checks ?? []).flatMap(describeCheck));
  if (member instanceof core.$ZodString) return { type: "string", ...bounds };
  if (member instanceof core.$ZodNumberFormat) return { type: "integer", ...bounds };
  throw new TypeError(`there are no words for a member of type ${member._zod.def.type}`);
}

/** Nothing for a refinement: JSON Schema cannot say what it asks. */
function describeCheck(check: core.$ZodCheck): [string, unknown][] {
  if (check instanceof core.$ZodCheckMinLength) return [["minLength", check._zod.def.minimum]];
  if (check instanceof core.$ZodCheckMaxLength) return [["maxLength", check._zod.def.maximum]];
  if (check instanceof core.$ZodCheckRegex) return [["pattern", check._zod.def.pattern.source]];
  if (check instanceof core.$ZodCheckGreaterThan) return [["minimum", check._zod.def.value]];
  if (check instanceof core.$ZodCheckLessThan) return [["maximum", check._zod.def.value]];
  return [];
}
