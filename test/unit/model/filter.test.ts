import { expect, test } from "vitest";
import { compileFilter } from "../../../src/model/filter.ts";
import { anEvent } from "../../support/events.ts";

test("a channel is found however its case is written", () => {
  const event = anEvent({ channel: "rcs" });
  expect(compileFilter({ channels: ["RCS"] })(event)).toBe(true);
  expect(compileFilter({ channels: ["rcs"] })(event)).toBe(true);
  expect(compileFilter({ channels: ["SMS"] })(event)).toBe(false);
  expect(compileFilter({ channels: ["RCS"] })(anEvent({ channel: null }))).toBe(false);
});
