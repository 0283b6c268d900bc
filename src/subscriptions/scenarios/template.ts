/**
 * Templates: JSON in which `{"##provide":{"provider","key"}}` and `%provider:key%` stand for values of an event.
 *
 * A template is data. A placeholder reaches the values it was given and nothing else, what is filled in is never
 * looked at again, and a value stays inside the string or the member in which its placeholder stood.
 */
import * as z from "zod/mini";
import type { Issue } from "../../model/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../model/json.ts";

/** By provider, then by key. Maps, so that a name like `constructor` finds nothing that was not put there. */
export type Values = ReadonlyMap<string, ReadonlyMap<string, Json>>;

export interface Name {
  readonly provider: string;
  readonly key: string;
}

export interface Placeholder extends Name {
  /** Where it stands, as problem documents write it. */
  readonly path: string;
}

const placeholderPattern = /%([A-Za-z_][\w-]*):([^%\s]+)%/g;
const directiveMark = "##";
const directiveSchema = z.strictObject({
  "##provide": z.strictObject({ provider: z.string(), key: z.string() }),
});

/** All placeholders of a template, and what looks like one and is none. */
export function scanTemplate(
  template: Json,
  path: string,
): { placeholders: readonly Placeholder[]; issues: readonly Issue[] } {
  const placeholders: Placeholder[] = [];
  const issues: Issue[] = [];
  const scan = (value: Json, at: string): void => {
    if (typeof value === "string") {
      for (const found of value.matchAll(placeholderPattern)) {
        placeholders.push({ ...named(found), path: at });
      }
    } else if (Array.isArray(value)) {
      for (const [index, member] of value.entries()) scan(member, `${at}[${index}]`);
    } else if (isJsonObject(value)) {
      if (isDirective(value)) {
        const provided = readDirective(value);
        if (provided === null) issues.push({ path: at, message: "must be exactly one ##provide" });
        else placeholders.push({ ...provided, path: at });
      } else {
        for (const [name, member] of Object.entries(value)) scan(member, `${at}.${name}`);
      }
    }
  };
  scan(template, path);
  return { placeholders, issues };
}

/** The template with every placeholder replaced: by the value with its type, or inside a longer string by its text. */
export function renderValue(template: Json, values: Values): Json {
  if (typeof template === "string") {
    const only = onlyPlaceholder(template);
    return only === null ? renderText(template, values) : valueOf(values, only);
  }
  if (Array.isArray(template)) return template.map((member) => renderValue(member, values));
  if (!isJsonObject(template)) return template;
  if (isDirective(template)) {
    const provided = readDirective(template);
    return provided === null ? null : valueOf(values, provided);
  }
  // Not by assignment, under which a member called `__proto__` would become the prototype.
  return Object.fromEntries(
    Object.entries(template).map(([name, member]) => [name, renderValue(member, values)]),
  );
}

/** A string with each placeholder replaced by its text, which `encode` fits to where it stands. */
export function renderText(
  template: string,
  values: Values,
  encode: (text: string) => string = (text) => text,
): string {
  return replacePlaceholders(template, (name) => encode(textOf(valueOf(values, name))));
}

/** A string with each placeholder replaced by what `fill` says; that is not looked at again. */
export function replacePlaceholders(template: string, fill: (name: Name) => string): string {
  return template.replaceAll(placeholderPattern, (_whole, provider: string, key: string) =>
    fill({ provider, key }),
  );
}

export function hasPlaceholder(text: string): boolean {
  return replacePlaceholders(text, () => "") !== text;
}

/** What a value looks like inside a string: null is nothing, lists and objects are JSON. */
export function textOf(value: Json): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function onlyPlaceholder(text: string): Name | null {
  const [first] = text.matchAll(placeholderPattern);
  return first?.[0] === text ? named(first) : null;
}

function named([, provider = "", key = ""]: RegExpExecArray): Name {
  return { provider, key };
}

function valueOf(values: Values, { provider, key }: Name): Json {
  return values.get(provider)?.get(key) ?? null;
}

/** An object that wants to be replaced. Any name with the mark counts, so that a misspelt one is not sent as it is. */
function isDirective(value: JsonObject): boolean {
  return Object.keys(value).some((name) => name.startsWith(directiveMark));
}

function readDirective(value: JsonObject): Name | null {
  return directiveSchema.safeParse(value).data?.["##provide"] ?? null;
}
