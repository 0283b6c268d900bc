import { expect, test } from "vitest";
import { funnelOf } from "../../../src/history/funnel.ts";

test("a funnel counts messages by status, and reasons across statuses, most frequent first", () => {
  const optOut = { code: "131050", text: "opted out" };
  const noReason = { code: null, text: null };
  expect(
    funnelOf([
      { status: "read", ...noReason, count: 4 },
      { status: "failed", ...noReason, count: 1 },
      { status: "failed", code: null, text: "timed out", count: 3 },
      { status: "failed", ...optOut, count: 2 },
      { status: "not_sent", ...optOut, count: 2 },
    ]),
  ).toEqual({
    total: 12,
    byStatus: { read: 4, failed: 6, not_sent: 2 },
    reasons: [
      { ...optOut, count: 4 },
      { code: null, text: "timed out", count: 3 },
    ],
  });
});

test("reasons that agree in their code alone are two", () => {
  const reasons = [
    { status: "failed", code: "1", text: "one", count: 1 },
    { status: "failed", code: "1", text: null, count: 1 },
  ];
  expect(funnelOf(reasons).reasons).toHaveLength(2);
});
