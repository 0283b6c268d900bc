import { expect, test } from "vitest";
import { type Intake, requestsOf, takeIn } from "../../../src/ingest/intake.ts";
import * as limits from "../../../src/model/limits.ts";
import type { RecordRequest } from "../../../src/model/record.ts";
import type { BadItem, Reading, Webhook } from "../../../src/providers/provider.ts";
import { anUpdate } from "../../support/updates.ts";

const webhook: Webhook = {
  method: "POST",
  url: "https://tickline.example/in/a-source",
  headers: new Map(),
  body: new Uint8Array(),
};
const outcome = { recorded: 1, repeated: 0, overflowed: 0 };

async function take(read: () => Reading): Promise<{ intake: Intake; asked: readonly RecordRequest[] }> {
  let asked: readonly RecordRequest[] = [];
  const intake = await takeIn("a-source", { name: "nifteem", read }, webhook, async (requests) => {
    asked = requests;
    return outcome;
  });
  return { intake, asked };
}

function aBadItem(path: string, message = "must be text"): BadItem {
  return { raw: { id: 1 }, issues: [{ path, message }] };
}

test("updates are grouped by message, each in its order, with the ids of their events", async () => {
  const updates = [
    anUpdate({ messageId: "B", status: "sent" }),
    anUpdate({ messageId: "A" }),
    anUpdate({ messageId: "B", status: "read" }),
    anUpdate({ messageId: "__proto__" }),
  ];
  const requests = await requestsOf("a-source", { name: "nifteem" }, updates);
  expect(
    requests.map((request) => [request.messageId, request.updates.map((update) => update.status)]),
  ).toEqual([
    ["B", ["sent", "read"]],
    ["A", ["delivered"]],
    ["__proto__", ["delivered"]],
  ]);
  expect(requests[0]).toMatchObject({ source: "a-source", provider: "nifteem" });
  const ids = requests.flatMap((request) => request.updates.map((update) => update.eventId));
  expect(new Set(ids).size).toBe(4);
});

test("the good of a batch is recorded, and the bad told beside it", async () => {
  const { intake, asked } = await take(() => ({
    kind: "updates",
    updates: [anUpdate()],
    bad: [aBadItem("items[1].id")],
  }));
  expect(asked).toHaveLength(1);
  expect(intake).toMatchObject({ kind: "recorded", outcome, fault: { issues: [{ path: "items[1].id" }] } });
});

test("a batch without anything good is rejected whole, one without anything at all ignored", async () => {
  const bad = await take(() => ({ kind: "updates", updates: [], bad: [aBadItem("a"), aBadItem("b")] }));
  expect(bad.intake).toMatchObject({ kind: "rejected", fault: { issues: [{ path: "a" }, { path: "b" }] } });
  const empty = await take(() => ({ kind: "updates", updates: [], bad: [] }));
  expect(empty.intake).toEqual({ kind: "ignored" });
  expect([...bad.asked, ...empty.asked]).toEqual([]);
});

test("a reader that throws loses nothing: its webhook is rejected, and so kept", async () => {
  const { intake } = await take(() => {
    throw new RangeError("Maximum call stack size exceeded");
  });
  expect(intake).toMatchObject({ kind: "rejected", fault: { issues: [{ path: "" }] } });
});

test("what cannot be recorded throws, whatever else the batch has", async () => {
  const reading: Reading = { kind: "updates", updates: [anUpdate()], bad: [aBadItem("a")] };
  const failing = takeIn("a-source", { name: "nifteem", read: () => reading }, webhook, async () => {
    throw new Error("no object");
  });
  await expect(failing).rejects.toThrow("no object");
});

test("faults are told to a bound, in number and in length", async () => {
  const bad = Array.from({ length: 300 }, () => aBadItem("p".repeat(10_000), "m".repeat(10_000)));
  const { intake } = await take(() => ({ kind: "updates", updates: [anUpdate()], bad }));
  const issues = intake.kind === "ignored" ? [] : (intake.fault?.issues ?? []);
  expect(issues).toHaveLength(limits.issuesMax);
  expect(issues[0]?.path).toHaveLength(limits.issueCharactersMax);
  expect(issues[0]?.message).toHaveLength(limits.issueCharactersMax);
});
