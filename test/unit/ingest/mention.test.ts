import { expect, test } from "vitest";
import { mentionTest } from "../../../src/ingest/rejected/mention.ts";

test.each([
  ["as it is", "+39333", '{"to":"+39333"}'],
  ["at the beginning and at the end", "39333", "39333"],
  ["quoted in JSON", 'a"b', String.raw`{"id":"a\"b"}`],
  ["with the slash that some serializers escape", "a/b", String.raw`{"id":"a\/b"}`],
  ["percent-encoded in a form", "+39333", "From=%2B39333&To=1"],
  ["percent-encoded in lower case", "+39333", "From=%2b39333&To=1"],
  ["behind another escape of a form", "+39333", "To=whatsapp%3A%2B39333"],
  ["with the plus that some serializers escape", "+39333", String.raw`{"to":"\u002b39333"}`],
  ["beside bytes that are no text", "+39333", "a=%ff&To=%2B39333"],
  ["with the signs of a pattern", "a.b*(c", '{"id":"a.b*(c"}'],
])("a text is found %s", (_, text, kept) => {
  expect(mentionTest(text)(kept)).toBe(true);
});

test.each([
  ["a longer number", "39333", '{"to":"393334"}'],
  ["the end of a number", "333", '{"to":"+39333"}'],
  ["a number with its sign", "39333", '{"to":"+39333"}'],
  ["a number with its sign, escaped", "39333", "To=%2B39333"],
  ["a longer word", "M1", '{"id":"M1_b"}'],
  ["what only the pattern would say", "a.b", '{"id":"axb"}'],
])("it is not found in %s", (_, text, kept) => {
  expect(mentionTest(text)(kept)).toBe(false);
});
