import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { providers } from "../../../src/providers/index.ts";
import { findScheme } from "../../../src/providers/schemes.ts";
import { describeProvider } from "../../../src/sources/catalog.ts";
import { describeEntry } from "../../../src/sources/entrySchema.ts";

describe.each(providers)("the catalog on $name", (provider) => {
  test.each(describeProvider(provider).auth)(
    "describes its $type entries as they are checked, in zod's own words",
    ({ type, schema, secrets, generated }) => {
      const scheme = findScheme(provider, type);
      if (scheme === null) throw new Error(`there is no scheme ${type}`);
      expect(schema).toEqual(z.toJSONSchema(scheme.entry, { io: "input" }));
      expect({ secrets, generated }).toEqual({ secrets: scheme.secrets, generated: scheme.generated });
    },
  );
});

test("an entry of a kind that nobody has described yet is a bug, not a gap", () => {
  expect(() =>
    describeEntry(z.strictObject({ type: z.literal("new"), scopes: z.array(z.string()) })),
  ).toThrow("array");
  expect(() => describeEntry(z.string())).toThrow("object");
});
