/** Rows that a delivery writes, as the platform bills them. Alarms are counted by `npm run costs`. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { AttemptResult } from "../../../src/subscriptions/attempts/deliver.ts";
import { createTables, insertDelivery, readStartable } from "../../../src/subscriptions/deliveries/store.ts";
import { recordOutcome } from "../../../src/subscriptions/outcome/store.ts";
import { objectOf } from "../../support/subscriptions.ts";

const nowMs = Date.now();
const result: AttemptResult = {
  outcome: "delivered",
  atMs: nowMs,
  durationMs: 1,
  statusCode: 200,
  error: null,
  responseBody: "ok",
  retryAfterMs: null,
  timedOut: false,
};

beforeEach(async () => {
  await runInDurableObject(objectOf("sub_costs"), (_object, state) => createTables(state.storage.sql));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await runInDurableObject(objectOf("sub_costs"), (_object, state) => state.storage.deleteAll());
});

async function written(work: (storage: DurableObjectStorage) => void): Promise<number> {
  return runInDurableObject(objectOf("sub_costs"), (_object, { storage }) => {
    const exec = vi.spyOn(storage.sql, "exec").mockClear();
    const put = vi.spyOn(storage.kv, "put").mockClear();
    const remove = vi.spyOn(storage.kv, "delete").mockClear();
    work(storage);
    const ofTables = exec.mock.results.reduce(
      (rows, { type, value }) => rows + (type === "return" ? value.rowsWritten : 0),
      0,
    );
    return ofTables + put.mock.calls.length + remove.mock.calls.length;
  });
}

function made(eventId: string): Promise<number> {
  const delivery = { eventId, receivedAtMs: 1, source: "s", messageId: "m", payload: "{}" };
  return written(({ sql }) => insertDelivery(sql, delivery, nowMs, nowMs + 1_000_000, null));
}

/** One attempt of whatever may be attempted. */
function ended(outcome: "delivered" | "failed"): Promise<number> {
  return written(({ sql, kv }) => {
    const choice = { inFlight: new Set<string>(), count: 1, dueFirst: true };
    const [pending] = readStartable(sql, nowMs + 86_400_000, choice);
    if (pending === undefined) throw new Error("nothing is pending");
    const moment = { nowMs, chance: 0.5, active: true, url: "https://one.example.com/", isReplaced: false };
    recordOutcome({ sql, kv }, pending, { ...result, outcome }, moment);
  });
}

it("a delivery is two rows, one when it is made and one when it succeeds; made again it is none", async () => {
  expect(await made("evt_1")).toBe(1);
  expect(await ended("delivered")).toBe(1);
  expect(await made("evt_1")).toBe(0);
});

it("a failure is three rows: the delivery, its place in the schedule, and the endpoint's run of failures", async () => {
  expect(await made("evt_2")).toBe(1);
  expect(await ended("failed")).toBe(3);
  expect(await ended("failed")).toBe(3);
  // The delivery, and the end of the run.
  expect(await ended("delivered")).toBe(2);
  expect(await made("evt_3")).toBe(1);
  expect(await ended("delivered")).toBe(1);
});
