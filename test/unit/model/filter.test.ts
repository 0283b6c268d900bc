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

// Longer ones would be stored, and an older release could not read them.
test.each([
  ["statuses", "read", 100],
  ["effects", "late", 10],
  ["types", "message.status", 10],
  ["sources", "my-nifteem", 1_000],
  ["providers", "nifteem", 1_000],
])("a filter's %s take %s, and up to %i in all", (list, item, itemsMax) => {
  const takes = (items: number) =>
    filterSchema.safeParse({ [list]: Array.from({ length: items }, () => item) }).success;
  expect([takes(itemsMax), takes(itemsMax + 1)]).toEqual([true, false]);
});
