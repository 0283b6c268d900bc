import { expect, test } from "vitest";
import { namesTag } from "../../../src/http/tag.ts";

test.each([
  ['W/"3"', true],
  ['"3"', true],
  ["*", true],
  ['W/"1", W/"3"', true],
  ['"1","3"', true],
  ['W/"33"', false],
  ["3", false],
  ["", false],
  [undefined, false],
])("If-None-Match: %s names the third version: %s", (header, expected) => {
  expect(namesTag(header, 'W/"3"')).toBe(expected);
});
