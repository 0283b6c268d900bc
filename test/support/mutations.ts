/** Bodies as no provider should send them: what is not of any shape, and fixtures with a value missing or odd. */
import { type Json, jsonSchema } from "../../src/model/json.ts";

type Path = readonly (string | number)[];

/** Values that no field of any provider expects in all its places. */
export const oddValues: readonly Json[] = [
  null,
  true,
  "",
  "null",
  "\0",
  "\ud800",
  " ",
  -1,
  0.5,
  1e308,
  "NaN",
  "9999-12-31T23:59:59Z",
  "2024-02-30T00:00:00Z",
  "__proto__",
  "constructor",
  "ab/=+ 👍".repeat(143),
  "x".repeat(1_000),
  "y".repeat(40_000),
  [],
  {},
  [[]],
  [null],
  ["a", ""],
  jsonSchema.parse(JSON.parse('{"__proto__":{"id":"x"},"constructor":1}')),
  nested(60),
  nested(200),
];

export function badBodies(): [name: string, body: Uint8Array][] {
  return [
    ["an empty body", utf8("")],
    ["what is not JSON", utf8("{not json")],
    ["a number", utf8("1")],
    ["null", utf8("null")],
    ["a text", utf8('"delivered"')],
    ["an empty list", utf8("[]")],
    ["an empty object", utf8("{}")],
    ["a list of objects", utf8('[{"messageId":"a"},{"event":"b"}]')],
    ["a form", utf8("a=1&b=2")],
    ["XML", utf8("<status>delivered</status>")],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ["nesting of 10,000 lists", utf8("[".repeat(10_000) + "]".repeat(10_000))],
    ["nesting of 100,000 objects", utf8(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)],
    [
      "keys called __proto__",
      utf8('{"__proto__":{"messageId":"a","event":"b"},"constructor":{"prototype":{}}}'),
    ],
    ["a megabyte of text", utf8(JSON.stringify("x".repeat(1_000_000)))],
  ];
}

/** The paths of all values in a value, itself left out. */
export function pathsOf(value: Json, before: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const members: [string | number, Json][] = Array.isArray(value)
    ? value.map((member, index) => [index, member])
    : Object.entries(value);
  return members.flatMap(([step, member]) => {
    const path = [...before, step];
    return [path, ...pathsOf(member, path)];
  });
}

/** A copy with another value at the path, or with none there. */
export function replaced(value: Json, [step, ...rest]: Path, by: Json | undefined): Json {
  const keep = (member: Json, name: string | number) =>
    name === step ? changed(member, rest, by) : [member];
  if (Array.isArray(value)) return value.flatMap(keep);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => keep(member, name).map((kept) => [name, kept])),
  );
}

function changed(member: Json, rest: Path, by: Json | undefined): Json[] {
  if (rest.length > 0) return [replaced(member, rest, by)];
  return by === undefined ? [] : [by];
}

function nested(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level += 1) value = { a: value };
  return value;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
