import { expect, test } from "vitest";
import { sinch } from "../../../src/providers/sinch/index.ts";
import { webhookWith } from "../../support/fixtures.ts";

test("a batch report of twenty thousand recipients is read within the time of a test, not in the square of their number", () => {
  const recipients = Array.from({ length: 20_000 }, (_, index) => String(15_550_000_000 + index));
  const statuses = [{ code: 0, count: recipients.length, status: "Delivered", recipients }];
  const webhook = webhookWith({ type: "delivery_report_sms", batch_id: "b", statuses });
  const reading = sinch.read(webhook);
  expect(reading).toMatchObject({ kind: "updates", bad: [] });
  expect(reading.kind === "updates" && reading.updates.length).toBe(20_000);
});
