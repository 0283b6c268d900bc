/** The components of the reference: JSON Schema, made of the schemas by which the service itself checks. */
import * as z from "zod/mini";
import { isJsonObject, type Json, type JsonObject, jsonObjectSchema } from "../model/json.ts";
import { answerSchemas } from "./answers.ts";
import { examples } from "./examples.ts";
import type { ComponentName } from "./operation.ts";
import { requestSchemas } from "./requests.ts";
import { words } from "./words.ts";

export function referenceTo(name: ComponentName): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** Every component by its name. A body refuses what it does not know; an answer may grow, and its readers let it. */
export function componentSchemas(): Record<string, JsonObject> {
  const made = { ...schemasOf(answerSchemas, "output"), ...schemasOf(requestSchemas, "input") };
  return Object.fromEntries(
    Object.entries(made)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, schema]) => [name, explained(name, schema)]),
  );
}

/** Schemas that are no components, with references to those that are. */
export function schemasBeside(schemas: Readonly<Record<string, z.ZodMiniType>>): Record<string, JsonObject> {
  const made = schemasOf({ ...answerSchemas, ...schemas }, "output");
  return Object.fromEntries(Object.entries(made).filter(([name]) => Object.hasOwn(schemas, name)));
}

type Direction = "input" | "output";

function schemasOf(
  schemas: Readonly<Record<string, z.ZodMiniType>>,
  io: Direction,
): Record<string, JsonObject> {
  const made = z.toJSONSchema(registryOf(schemas), { io, unrepresentable: "any", override, uri });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, schema]) => {
      const { $schema: _schema, $id: _id, ...rest } = tidied(asJsonObject(schema), io);
      return [name, rest];
    }),
  );
}

function registryOf(schemas: Readonly<Record<string, z.ZodMiniType>>) {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  return registry;
}

function uri(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Zod knows nothing of what a custom check lets through. */
function override({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}) {
  if (Object.is(zodSchema, jsonObjectSchema)) jsonSchema.type = "object";
}

/** Says the same in fewer words: people read this. */
function tidied(schema: JsonObject, io: Direction): JsonObject {
  const members = Object.entries(schema).flatMap(([name, value]): [string, Json][] => {
    if (isNoise(schema, name, value, io)) return [];
    if (name === "exclusiveMinimum" && value === 0 && schema["type"] === "integer") return [["minimum", 1]];
    return [[name, tidiedValue(value, io)]];
  });
  return nullable(Object.fromEntries(members));
}

function tidiedValue(value: Json, io: Direction): Json {
  if (Array.isArray(value)) return value.map((member) => tidiedValue(member, io));
  return isJsonObject(value) ? tidied(value, io) : value;
}

function isNoise(schema: JsonObject, name: string, value: Json, io: Direction): boolean {
  switch (name) {
    case "pattern":
      return "format" in schema;
    case "maximum":
      return value === Number.MAX_SAFE_INTEGER;
    case "minimum":
      return value === Number.MIN_SAFE_INTEGER;
    case "propertyNames":
      return isJsonObject(value) && value["type"] === "string" && !("enum" in value);
    case "additionalProperties":
      return io === "output" && value === false;
    default:
      return false;
  }
}

/** `anyOf` of a plain type and null is that type, or null. */
function nullable(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [one, other] = anyOf;
  if (!isJsonObject(one) || !isJsonObject(other) || other["type"] !== "null") return schema;
  if (typeof one["type"] !== "string") return schema;
  const values = one["enum"];
  return {
    ...rest,
    ...one,
    type: [one["type"], "null"],
    ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  };
}

function explained(name: string, schema: JsonObject): JsonObject {
  const own: Readonly<Record<string, string>> =
    Object.entries(words).find(([known]) => known === name)?.[1] ?? {};
  const example = Object.entries(examples).find(([known]) => known === name)?.[1];
  const inherited = inheritedWords(name);
  return {
    description: own[""] ?? "",
    ...describeMembers(schema, "", { ...inherited, ...own }),
    ...(example === undefined ? {} : { examples: [example] }),
  };
}

/** A message has all that its summary has. */
function inheritedWords(name: string): Readonly<Record<string, string>> {
  return name === "Message" ? words.MessageSummary : {};
}

function describeMembers(
  schema: JsonObject,
  prefix: string,
  own: Readonly<Record<string, string>>,
): JsonObject {
  const { properties, items } = schema;
  if (isJsonObject(items) && prefix !== "") return { ...schema, items: describeMembers(items, prefix, own) };
  if (!isJsonObject(properties)) return schema;
  const described = Object.entries(properties).map(([name, member]): [string, Json] => {
    const path = `${prefix}${name}`;
    if (!isJsonObject(member)) return [name, member];
    const description = own[path];
    const inside = describeMembers(member, `${path}.`, own);
    return [name, description === undefined ? inside : { description, ...inside }];
  });
  return { ...schema, properties: Object.fromEntries(described) };
}

/** What zod makes is JSON, though its types say more. */
function asJsonObject(schema: unknown): JsonObject {
  return jsonObjectSchema.parse(JSON.parse(JSON.stringify(schema)));
}
