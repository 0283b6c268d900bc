import { expect, test } from "vitest";
import * as z from "zod/mini";
import { issuesOf } from "../../../src/model/issue.ts";

const schema = z.strictObject({ name: z.string().check(z.maxLength(3)), parts: z.array(z.int()) });

test.each([
  [{ parts: [1] }, { path: "name", message: "Invalid input: expected string, received undefined" }],
  [
    { name: "long", parts: [] },
    { path: "name", message: "Too big: expected string to have <=3 characters" },
  ],
  [
    { name: "", parts: [1.5] },
    { path: "parts[0]", message: "Invalid input: expected int, received number" },
  ],
  [
    { name: "", parts: [], more: 1 },
    { path: "more", message: "is not known here" },
  ],
])("an issue of %j says what was expected, in English", (value, issue) => {
  const { error } = schema.safeParse(value);
  expect(error && issuesOf(error)).toEqual([issue]);
});

test("an issue inside something that stands deeper in a body is named from the body on", () => {
  const { error } = schema.safeParse({ name: 1, parts: [] });
  expect(error && issuesOf(error, "data").map(({ path }) => path)).toEqual(["data.name"]);
});
