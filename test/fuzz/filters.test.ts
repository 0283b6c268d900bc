/** Filters, as JSON and as a query: read or refused with their paths, and then asked about any event without a crash. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readEventsQuery } from "../../src/feed/query.ts";
import { listQuerySchema } from "../../src/history/query.ts";
import { compileFilter, type Filter, filterSchema } from "../../src/model/filter.ts";
import { issuesOf } from "../../src/model/issue.ts";
import { statuses } from "../../src/model/status.ts";
import { changeSchema, createSchema, replaySchema } from "../../src/subscriptions/request.ts";
import { anEvent } from "../support/events.ts";
import { asJson, fuzzing, share, timed } from "../support/fuzz.ts";
import { changedJson, edits, oddJson, oddText, queries } from "../support/fuzzBodies.ts";

const half = share(5);
const full: Required<Filter> = {
  sources: ["acme-nifteem"],
  providers: ["meta"],
  statuses: ["delivered", "read"],
  channels: ["whatsapp"],
  groups: ["G1"],
  recipients: ["+390000000"],
  effects: ["advanced"],
  metadata: { tenant: 42, nested: { a: [1] } },
  types: ["message.status"],
};
const name = fc.oneof(
  fc.constantFrom(...Object.keys(full), "metadata.tenant", "metadata.", "after", "limit"),
  oddText,
);
const value = fc.oneof(fc.constantFrom<string>(...statuses), oddText);
const metadata = fc.dictionary(oddText, oddJson, { maxKeys: 5 }).map(asJson);

test(`${half} filters as JSON are read or refused with their paths`, async () => {
  await fc.assert(
    fc.asyncProperty(edits, oddText, metadata, async (changes, text, extra) => {
      await timed(() => {
        const json = changedJson(asJson(full), changes);
        const subscription = { url: text, name: text, filter: json, headers: { [text]: text } };
        for (const schema of [createSchema, changeSchema]) faultsAreNamed(schema.safeParse(subscription));
        faultsAreNamed(replaySchema.safeParse({ since: text, until: text, only: "all" }));
        const parsed = filterSchema.safeParse(json);
        faultsAreNamed(parsed);
        if (parsed.success) asked(parsed.data, anEvent({ metadata: extraOf(extra), recipient: text }));
      });
    }),
    fuzzing(half),
  );
});

test(`${half} filters as a query are read or refused with their paths`, async () => {
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pairs, queries, metadata, async (given, query, extra) => {
      await timed(() => {
        for (const parameters of [new URLSearchParams(given), new URLSearchParams(query)]) {
          const read = readEventsQuery(parameters);
          if (read.ok) asked(read.value.filter, anEvent({ metadata: extraOf(extra) }));
          else expect(read.failure.kind === "invalid" && read.failure.issues.length > 0).toBe(true);
          faultsAreNamed(listQuerySchema.safeParse(Object.fromEntries(parameters)));
        }
      });
    }),
    fuzzing(half),
  );
});

function asked(filter: Filter, event: ReturnType<typeof anEvent>): void {
  const matches = compileFilter(filter);
  expect(typeof matches(event)).toBe("boolean");
  // What is kept of a filter says the same when it is read again.
  expect(compileFilter(filterSchema.parse(JSON.parse(JSON.stringify(filter))))(event)).toBe(matches(event));
}

function faultsAreNamed(parsed: {
  success: boolean;
  error?: Parameters<typeof issuesOf>[0] | undefined;
}): void {
  if (parsed.error === undefined) return;
  const issues = issuesOf(parsed.error);
  expect(issues.length).toBeGreaterThan(0);
  for (const { path, message } of issues) expect([typeof path, typeof message]).toEqual(["string", "string"]);
}

function extraOf(json: ReturnType<typeof asJson>): Record<string, ReturnType<typeof asJson>> {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
}
