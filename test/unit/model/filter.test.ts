import { expect, test } from "vitest";
import { compileFilter, filterSchema } from "../../../src/model/filter.ts";
import { issuesOf } from "../../../src/model/issue.ts";
import { providers } from "../../../src/providers/index.ts";
import { anEvent } from "../../support/events.ts";

test("a channel is found however its case is written", () => {
  const event = anEvent({ channel: "rcs" });
  expect(compileFilter({ channels: ["RCS"] })(event)).toBe(true);
  expect(compileFilter({ channels: ["rcs"] })(event)).toBe(true);
  expect(compileFilter({ channels: ["SMS"] })(event)).toBe(false);
  expect(compileFilter({ channels: ["RCS"] })(anEvent({ channel: null }))).toBe(false);
});

test("a filter takes every provider, and refuses one that there is not at its path", () => {
  const all = providers.map(({ name }) => name);
  expect(filterSchema.parse({ providers: all })).toEqual({ providers: all });
  const misspelt = filterSchema.safeParse({ providers: ["callbell", "calbell"] });
  expect(misspelt.success ? [] : issuesOf(misspelt.error).map(({ path }) => path)).toEqual(["providers[1]"]);
});
