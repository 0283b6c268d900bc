/** JSON Schema as people read it: a table of members, nested ones by their path, components by a link. */
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";
import { codeBlock, escapeText, inline, tableBlock } from "./markup.ts";

export function objectAnchor(name: string): string {
  return `object-${name}`;
}

export function objectLink(name: string): string {
  return `<a href="/docs#${objectAnchor(name)}">${escapeText(name)}</a>`;
}

/** One component: what it is, its members, an example. */
export function objectSection(name: string, schema: JsonObject): string {
  const { description, examples } = schema;
  const example = Array.isArray(examples) ? examples[0] : undefined;
  return [
    `<section id="${objectAnchor(name)}" class="object"><h3>${escapeText(name)}</h3>`,
    `<p>${inline(textOf(description))}</p>`,
    membersTable(schema, name),
    example === undefined ? "" : exampleOf(example, name),
    "</section>",
  ].join("\n");
}

export function exampleOf(example: Json, label: string): string {
  const text = JSON.stringify(example, null, 2);
  return `<details class="example"><summary>Example</summary>${codeBlock(text, `Example: ${label}`)}</details>`;
}

/** Empty for what has no members. */
export function membersTable(schema: JsonObject, label: string): string {
  const rows = rowsOf(schema, "");
  if (rows.length === 0) return enumOf(schema);
  return tableBlock(
    `<thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows.join("")}</tbody>`,
    `Members of ${label}`,
  );
}

function rowsOf(schema: JsonObject, prefix: string): string[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([name, member]) => {
    if (!isJsonObject(member)) return [];
    const path = `${prefix}${name}`;
    const optional = needed.includes(name) ? "" : '<span class="optional">optional</span>';
    const row = `<tr><td><code>${escapeText(path)}</code>${optional}</td><td>${typeOf(member)}</td><td>${meaningOf(member)}</td></tr>`;
    const [inside, step] = isJsonObject(member["items"]) ? [member["items"], "[]."] : [member, "."];
    return [row, ...rowsOf(inside, `${path}${step}`)];
  });
}

/** `list of Event`, `integer or null`. */
export function typeOf(schema: JsonObject): string {
  const { $ref, type, items, anyOf, prefixItems, format, additionalProperties } = schema;
  if (typeof $ref === "string") return objectLink($ref.split("/").at(-1) ?? "");
  if (Array.isArray(anyOf)) return anyOf.filter(isJsonObject).map(typeOf).join(" or ");
  if (Array.isArray(prefixItems)) return "list of one";
  if (type === "array") return isJsonObject(items) ? `list of ${typeOf(items)}` : "list";
  const types = (Array.isArray(type) ? type : [type]).map((one) =>
    typeof one === "string" ? one : "any value",
  );
  if (format === "date-time") return types.map((one) => (one === "string" ? "time" : one)).join(" or ");
  if (
    isJsonObject(additionalProperties) &&
    types[0] === "object" &&
    Object.keys(additionalProperties).length > 0
  ) {
    return `object of ${typeOf(additionalProperties)}`;
  }
  return types.map((one) => (one === "string" ? "text" : one)).join(" or ");
}

export function meaningOf(schema: JsonObject): string {
  const { description, default: standard } = schema;
  const parts = [inline(textOf(description)), enumOf(schema), boundsOf(schema)];
  if (standard !== undefined) parts.push(`Default <code>${escapeText(JSON.stringify(standard))}</code>.`);
  return parts.filter((part) => part !== "").join(" ");
}

function enumOf(schema: JsonObject): string {
  const inner = isJsonObject(schema["items"]) ? schema["items"] : schema;
  const { enum: values, const: only } = inner;
  const all = Array.isArray(values)
    ? values.filter((value) => value !== null)
    : only === undefined
      ? []
      : [only];
  if (all.length === 0) return "";
  return `<span class="values">${all.map((value) => `<code>${escapeText(typeof value === "string" ? value : JSON.stringify(value))}</code>`).join(" ")}</span>`;
}

function boundsOf(schema: JsonObject): string {
  const said: [string, string][] = [
    ["minimum", "at least"],
    ["exclusiveMinimum", "more than"],
    ["maximum", "at most"],
    ["maxLength", "at most characters:"],
    ["minItems", "entries at least:"],
    ["maxItems", "entries at most:"],
  ];
  const found = said.flatMap(([member, words]) => {
    const bound = schema[member];
    return typeof bound === "number" && bound !== 0 ? [`${words} ${bound}`] : [];
  });
  return found.length === 0 ? "" : `<span class="bounds">${found.join(", ")}</span>`;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
