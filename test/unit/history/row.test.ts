import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storedSummary, summaryOf } from "../../../src/history/row.ts";
import { addUpdates, emptyLedger, summarize, viewMessage } from "../../../src/message/ledger.ts";
import type { MessageSummary } from "../../../src/model/message.ts";
import type { Update } from "../../../src/model/update.ts";
import { anUpdate, arbitraryUpdates, identified, source } from "../../support/updates.ts";

async function summaryAfter(updates: readonly Update[]): Promise<MessageSummary> {
  const request = { source, provider: "nifteem", messageId: "M1", updates: await identified(updates) };
  const message = viewMessage(addUpdates(emptyLedger, request, "2026-11-21T10:00:00.000Z").ledger);
  if (message === null) throw new Error("just recorded");
  return summarize(message);
}

/** As D1 gives it: some members in columns, the rest as text. */
function rowOf(summary: MessageSummary, stored: string): object {
  const { messageId, provider, firstReceivedAt, version, status, channel, lastReceivedAt } = summary;
  return {
    source,
    messageId,
    provider,
    firstReceivedAt,
    version,
    status,
    channel,
    lastReceivedAt,
    summary: stored,
  };
}

describe("a message's row", () => {
  test.each(["sms\0x", "sms\ud800"])("shows a channel that a column can't hold: %j", async (channel) => {
    const summary = await summaryAfter([anUpdate({ channel })]);
    const row = rowOf({ ...summary, channel: "sms" }, storedSummary(summary));
    expect(summaryOf(row)).toEqual(summary);
  });

  test("shows the message as it was stored, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryUpdates(6), async (updates) => {
        const summary = await summaryAfter(updates);
        expect(summaryOf(rowOf(summary, storedSummary(summary)))).toEqual(summary);
      }),
    );
  });

  test("shows a message that was too large for lists as abridged as it was", async () => {
    const metadata = { text: "x".repeat(40_000) };
    const summary = await summaryAfter([anUpdate({ metadata, part: { number: 1, total: 1 } })]);
    expect(summary).toMatchObject({ abridged: true, parts: [] });
    expect(summaryOf(rowOf(summary, storedSummary(summary)))).toEqual(summary);
  });

  test("shows a row of before, which left nothing out", async () => {
    const summary = await summaryAfter([anUpdate({ recipient: "+39", metadata: { tenant: "42" } })]);
    expect(summaryOf(rowOf(summary, JSON.stringify(summary)))).toEqual(summary);
  });

  test("of a usual message holds in its summary little more than its times", async () => {
    const summary = await summaryAfter([anUpdate()]);
    expect(JSON.parse(storedSummary(summary))).toEqual({
      statusAt: "2026-11-21T10:00:00.000Z",
      final: false,
      firstAt: { delivered: "2026-11-21T10:00:00.000Z" },
      duplicates: 0,
    });
  });
});
