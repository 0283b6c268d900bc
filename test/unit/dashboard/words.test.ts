/** What a person reads: what an event did, how late it came, who a message went to. */
import { describe, expect, test } from "vitest";
import { effectSentence, skewText } from "../../../src/dashboard/words/effect.ts";
import { filterSentence } from "../../../src/dashboard/words/filter.ts";
import { decodeParts, encodePart } from "../../../src/dashboard/words/path.ts";
import { maskRecipient } from "../../../src/dashboard/words/recipient.ts";
import { statusWords } from "../../../src/dashboard/words/status.ts";
import { axisText, ageText, rangeMs, spanText } from "../../../src/dashboard/words/time.ts";
import { statuses } from "../../../src/model/status.ts";
import { anEvent } from "../../support/events.ts";

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, seconds)).toISOString();
const read = anEvent({
  version: 1,
  status: "read",
  effect: "advanced",
  previous: null,
  current: "read",
  receivedAt: at(0),
});

describe("what an event did", () => {
  test("the first one is the first news", () => {
    expect(effectSentence(read, [read])).toBe("First news of the message.");
  });

  test("a late one tells by how much, and what was known", () => {
    const sent = anEvent({
      version: 2,
      status: "sent",
      effect: "late",
      previous: "read",
      current: "read",
      receivedAt: at(4),
    });
    expect(effectSentence(sent, [sent, read])).toBe("Came 4 s late: read was already known.");
  });

  test("one that moved the status tells from where to where", () => {
    const next = anEvent({
      version: 2,
      status: "read",
      effect: "advanced",
      previous: "sent",
      current: "read",
    });
    expect(effectSentence(next, [next])).toBe("Moved the message from sent to read.");
  });

  test("a delivery after a failure tells that the failure is overruled", () => {
    const delivered = anEvent({
      version: 2,
      status: "delivered",
      effect: "advanced",
      previous: "failed",
      current: "delivered",
      contradicted: true,
    });
    expect(effectSentence(delivered, [delivered])).toContain("The failure reported before is overruled.");
  });

  test("a failure after a delivery tells what stands", () => {
    const failed = anEvent({
      version: 2,
      status: "failed",
      effect: "contradicted",
      previous: "read",
      current: "read",
    });
    expect(effectSentence(failed, [read, failed])).toMatch(/^Contradicts read, which stands/);
  });

  test("of several parts the part is named", () => {
    const part = anEvent({ effect: "advanced", previous: null, part: { number: 2, total: 3 } });
    expect(effectSentence(part, [part])).toBe("First news of part 2.");
  });
});

test("the skew between two clocks is told either way", () => {
  expect(skewText(anEvent({ occurredAt: at(0), receivedAt: at(4), timeSource: "provider" }))).toBe(
    "heard 4 s later",
  );
  expect(skewText(anEvent({ occurredAt: at(4), receivedAt: at(0), timeSource: "provider" }))).toBe(
    "the provider’s clock is 4 s ahead",
  );
  expect(skewText(anEvent({ timeSource: "received" }))).toBe("the provider gave no time");
});

test("every status has a word and a shape of its own", () => {
  const words = statuses.map((status) => statusWords[status]);
  expect(new Set(words.map(({ word }) => word)).size).toBe(statuses.length);
  expect(new Set(words.map(({ glyph }) => glyph)).size).toBe(statuses.length);
});

test.each([
  ["+391234567890", "+39 ••• 90"],
  ["391234567890", "39 ••• 90"],
  ["jane@example.com", "j•••@example.com"],
  ["1234", "••••"],
])("%s is masked as %s", (recipient, masked) => {
  expect(maskRecipient(recipient)).toBe(masked);
});

test.each([
  [40, "40 ms"],
  [1_400, "1.4 s"],
  [4_000, "4 s"],
  [125_000, "2 min 5 s"],
  [3 * 3_600_000, "3 h"],
  [52 * 3_600_000, "2 d 4 h"],
])("%i ms are %s", (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test("an age is short, and never in the future", () => {
  expect([0, 999, 59_999, 3_599_999, 86_399_999].map((age) => ageText(0, age))).toEqual([
    "now",
    "now",
    "59 s",
    "59 min",
    "23 h",
  ]);
  expect(ageText(1_000, 0)).toBe("now");
});

test("a range is a number with a unit", () => {
  expect([rangeMs("15m"), rangeMs("24h"), rangeMs("7d"), rangeMs("yesterday")]).toEqual([
    900_000,
    86_400_000,
    604_800_000,
    null,
  ]);
});

test.each(["a", "a/b", "a%2Fb", "100 %", "+39 000", "wamid.HBg=="])(
  "the id %s survives its address",
  (id) => {
    expect(decodeParts(`source/${encodePart(id)}`, 2)).toEqual(["source", id]);
  },
);

test("an address that a host has decoded still finds the id with its slash", () => {
  expect(decodeParts("source/a/b", 2)).toEqual(["source", "a/b"]);
  expect(decodeParts("source", 2)).toBeNull();
  expect(decodeParts("source/%E0%A4%A", 2)).toBeNull();
});

test("a filter reads as a sentence", () => {
  expect(filterSentence({})).toBe("All events");
  expect(filterSentence({ effects: ["advanced", "contradicted", "noted"] })).toBe(
    "All events, but none that came late",
  );
  expect(
    filterSentence({ statuses: ["read", "failed"], effects: ["advanced"], metadata: { tenant: 42 } }),
  ).toBe("Events showing read or failed, that moved the status, with tenant = 42");
});

test("an end of a span says its day only where the other end is of another", () => {
  const [noon, later, nextDay] = ["2026-11-22T12:00:00Z", "2026-11-22T12:15:00Z", "2026-11-23T12:00:00Z"];
  expect(axisText(noon, later)).not.toMatch(/22/);
  expect(axisText(noon, nextDay)).toMatch(/22/);
  expect(axisText(noon, nextDay)).toContain(axisText(noon, later));
});
