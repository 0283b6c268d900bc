/**
 * Turns the bytes of a webhook into plain data. Whatever the bytes are, the answer is a value or a list of
 * issues; nothing here throws, and no value is nested deeper than serializers can follow.
 */
import type { Issue } from "../model/failure.ts";
import { isDeeperThan, isJsonObject, type Json, type JsonObject, jsonSchema } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import type { Webhook } from "./provider.ts";

type Parsed<Value> = Result<Value, readonly Issue[]>;

export function parseJson(bytes: Uint8Array): Parsed<Json> {
  const text = decode(bytes);
  return text === null ? refuse("must be UTF-8") : parseJsonText(text);
}

export function parseJsonText(text: string): Parsed<Json> {
  let value: Json;
  try {
    value = jsonSchema.parse(JSON.parse(text));
  } catch {
    // A SyntaxError, or a RangeError where the parser's stack was too short.
    return refuse("must be JSON");
  }
  return isDeeperThan(value, limits.jsonDepthMax) ? refuse("is nested too deeply") : succeed(value);
}

/** The value behind a text that holds JSON; a text that does not, and all that is no text, stays what it is. */
export function embeddedJson(value: unknown): unknown {
  const parsed = typeof value === "string" ? parseJsonText(value) : null;
  return parsed?.ok === true ? parsed.value : value;
}

/** The parameters of a form body, or of the query where the provider reports by GET. Of a repeated name the last value counts. */
export function parseParameters(webhook: Webhook): Parsed<JsonObject> {
  const text = webhook.method === "GET" ? new URL(webhook.url).search : decode(webhook.body);
  if (text === null) return refuse("must be UTF-8");
  return succeed(Object.fromEntries(new URLSearchParams(text)));
}

/** What stands in a JSON value under these names, one inside the other; null where nothing does. */
export function memberAt(value: Json, ...names: readonly string[]): Json {
  let member = value;
  for (const name of names) {
    if (!isJsonObject(member) || !Object.hasOwn(member, name)) return null;
    member = member[name] ?? null;
  }
  return member;
}

/** The same, if it is a word: that by which providers tell their events apart. An empty text is none. */
export function wordAt(value: Json, ...names: readonly string[]): string | null {
  const member = memberAt(value, ...names);
  return typeof member === "string" && member !== "" ? member : null;
}

/** What a provider adds about a message, under its own names. Nothing and an empty text add nothing. */
export function factsAt(value: Json, ...names: readonly string[]): JsonObject {
  const facts = names.map((name) => [name, memberAt(value, name)] as const);
  return Object.fromEntries(facts.filter(([, fact]) => fact !== null && fact !== ""));
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

function refuse(message: string): Parsed<never> {
  return fail([{ path: "", message }]);
}
