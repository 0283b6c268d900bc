import { expect, test } from "vitest";
import * as z from "zod/mini";
import { loose } from "../../../src/model/loose.ts";

const schema = z.object({ text: loose(z.string()), list: loose(z.array(z.int())) });

test("what is as it should be is kept", () => {
  expect(schema.parse({ text: "", list: [1] })).toEqual({ text: "", list: [1] });
});

test.each([{}, { text: null, list: null }, { text: 1, list: ["1"] }])("of %j all is null", (value) => {
  expect(schema.parse(value)).toEqual({ text: null, list: null });
});
