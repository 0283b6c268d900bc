import { describe, expect, test } from "vitest";
import * as z from "zod";
import { providers } from "../../../src/providers/index.ts";
import { findScheme } from "../../../src/providers/schemes.ts";
import { describeProvider } from "../../../src/sources/catalog.ts";

describe.each(providers)("the catalog on $name", (provider) => {
  test.each(describeProvider(provider).auth)(
    "describes its $type entries as they are checked",
    ({ type, schema, secrets, generated }) => {
      const scheme = findScheme(provider, type);
      if (scheme === null) throw new Error(`there is no scheme ${type}`);
      expect(schema).toEqual(z.toJSONSchema(scheme.entry, { io: "input", unrepresentable: "any" }));
      expect({ secrets, generated }).toEqual({ secrets: scheme.secrets, generated: scheme.generated });
    },
  );
});
