import { describe, expect, it } from "vitest";
import { jsonBytes } from "../../../src/model/json.ts";
import * as limits from "../../../src/model/limits.ts";
import { fail, succeed } from "../../../src/model/result.ts";
import { buildUpdate, type Draft, readingOf } from "../../../src/providers/build.ts";
import { describeReason, reasonOf, type ReasonTable } from "../../../src/providers/reason.ts";

function aDraft(over: Partial<Draft> = {}): Draft {
  return { messageId: "m1", status: "read", providerStatus: "READ", time: null, raw: {}, ...over };
}

describe("an update", () => {
  it("has a default for all that the provider leaves out", () => {
    expect(buildUpdate(aDraft())).toEqual({
      messageId: "m1",
      aliases: [],
      group: null,
      part: { number: 1, total: 1 },
      channel: null,
      recipient: null,
      status: "read",
      providerStatus: "READ",
      occurredAtMs: null,
      occurredAtText: null,
      providerOrder: null,
      reason: null,
      metadata: {},
      raw: {},
      rawTruncated: false,
      providerEventId: null,
    });
  });

  it("keeps raw up to its limit, and goes without it one byte above", () => {
    const fitting = "x".repeat(limits.rawBytesMax - 2);
    expect(buildUpdate(aDraft({ raw: fitting }))).toMatchObject({ raw: fitting, rawTruncated: false });
    expect(buildUpdate(aDraft({ raw: `${fitting}x` }))).toMatchObject({ raw: null, rawTruncated: true });
  });

  it("has each other id once, without its own and without what can't be an id", () => {
    const aliases = ["a", null, "m1", "", "a", "b", "x".repeat(513)];
    expect(buildUpdate(aDraft({ aliases })).aliases).toEqual(["a", "b"]);
  });

  it("takes facts beside the metadata as far as they fit, and never over the sender's own keys", () => {
    const metadata = { price: "mine", note: "x".repeat(4_000) };
    const facts = { price: 1, large: "y".repeat(5_000), network: "20801", nothing: null };
    const update = buildUpdate(aDraft({ metadata, facts }));
    expect(update.metadata).toEqual({ ...metadata, network: "20801" });
    expect(jsonBytes(update.metadata)).toBeLessThanOrEqual(limits.metadataBytesMax);
  });
});

describe("a reading", () => {
  const good = succeed(buildUpdate(aDraft()));
  const bad = fail({ raw: 1, issues: [{ path: "items[1]", message: "is odd" }] });

  it("keeps the good beside the bad", () => {
    expect(readingOf([good, bad])).toMatchObject({
      kind: "updates",
      updates: [{ messageId: "m1" }],
      bad: [{ raw: 1 }],
    });
  });

  it("is invalid if nothing in it is good", () => {
    expect(readingOf([bad, bad])).toEqual({
      kind: "invalid",
      issues: [
        { path: "items[1]", message: "is odd" },
        { path: "items[1]", message: "is odd" },
      ],
    });
  });
});

describe("a reason", () => {
  const table: ReasonTable = new Map([["30003", ["recipient", true]]]);

  it("is what the provider's table says of its code", () => {
    expect(reasonOf(table, "30003", "Unreachable")).toEqual({
      kind: "recipient",
      code: "30003",
      text: "Unreachable",
      permanent: true,
    });
  });

  it("is unknown for a code that no table has, and none without a code and a text", () => {
    expect(reasonOf(table, "constructor", null)).toMatchObject({ kind: "unknown", permanent: null });
    expect(reasonOf(table, null, null)).toBeNull();
  });

  it("is cut to its limit without leaving half a character", () => {
    const text = describeReason("unknown", null, `x${"👍".repeat(1_000)}`, null).text ?? "";
    expect(text.length).toBe(limits.reasonTextCharactersMax);
    expect(text.isWellFormed()).toBe(true);
  });
});
