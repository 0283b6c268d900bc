import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import type { RecordOutcome, RecordRequest } from "../../../src/model/record.ts";
import { withBindings } from "../../support/messages.ts";
import { givenSource, texterKey } from "../../support/sources.ts";
import {
  nifteemBody,
  nifteemHeaders,
  readMessage,
  send,
  sendWith,
  texterBody,
} from "../../support/webhooks.ts";

afterEach(() => vi.useRealTimers());

type RecordFake = (request: RecordRequest, attempt: number) => Promise<RecordOutcome>;

/** Objects of messages that answer as the test says; `attempt` counts the calls for one message, from 1. */
function withMessages(record: RecordFake): { readonly env: Env; readonly stubs: string[] } {
  const stubs: string[] = [];
  const getByName = (name: string) => {
    stubs.push(name);
    const attempt = stubs.filter((stub) => stub === name).length;
    return { record: (request: RecordRequest) => record(request, attempt) };
  };
  return { env: withBindings({ MESSAGE: { getByName } }), stubs };
}

async function reallyRecord(request: RecordRequest): Promise<RecordOutcome> {
  return env.MESSAGE.getByName(`${request.source}/${request.messageId}`).record(request);
}

function failure(marks: { retryable?: boolean; overloaded?: boolean }): Error {
  return Object.assign(new Error("the object is gone"), marks);
}

/** A database that can be read. */
const unwritableDb = {
  prepare: (query: string) => env.DB.prepare(query),
  batch: async (): Promise<never> => {
    throw new Error("D1 is down");
  },
};

async function givenTexter(): Promise<{ path: string; source: string; headers: HeadersInit }> {
  const source = await givenSource({ provider: "texter", authSets: [[texterKey]] });
  return { path: `/in/${source}`, source, headers: { Authorization: "Bearer right-texter-key" } };
}

describe("503 for what is not durable", () => {
  test("what was recorded stays, and the provider's retry completes it", async () => {
    const { path, source, headers } = await givenTexter();
    const body = texterBody(["A", "B", "C"]);
    const broken = withMessages(async (request) => {
      if (request.messageId === "B") throw failure({});
      return reallyRecord(request);
    });
    const answer = await sendWith(broken.env, { path, headers, body });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await readMessage(source, "B")).toBeNull();
    for (const id of ["A", "C"]) expect(await readMessage(source, id)).toMatchObject({ version: 1 });
    expect((await send({ path, headers, body })).status).toBe(200);
    for (const id of ["A", "B", "C"]) expect(await readMessage(source, id)).toMatchObject({ version: 1 });
  });

  test("a failure that may pass is tried once more, on a new stub", async () => {
    const source = await givenSource();
    const once = withMessages(async (request, attempt) => {
      if (attempt === 1) throw failure({ retryable: true });
      return reallyRecord(request);
    });
    const path = `/in/${source}`;
    const body = nifteemBody({ messageId: "M1" });
    expect((await sendWith(once.env, { path, headers: nifteemHeaders, body })).status).toBe(200);
    expect(once.stubs).toHaveLength(2);
    expect(await readMessage(source, "M1")).toMatchObject({ version: 1 });
  });

  test.each([
    ["fails again", { retryable: true }, 2],
    ["is overloaded", { retryable: true, overloaded: true }, 1],
    ["fails for good", {}, 1],
  ])("an object that %s is not tried again and again", async (_, marks, calls) => {
    const source = await givenSource();
    const broken = withMessages(async () => {
      throw failure(marks);
    });
    const answer = await sendWith(broken.env, {
      path: `/in/${source}`,
      headers: nifteemHeaders,
      body: nifteemBody(),
    });
    expect(answer.status).toBe(503);
    expect(broken.stubs).toHaveLength(calls);
  });

  test("an object that hangs does not hang the provider", async () => {
    const source = await givenSource();
    const path = `/in/${source}`;
    const { promise: never } = Promise.withResolvers<RecordOutcome>();
    const hanging = withMessages(() => never);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = sendWith(hanging.env, { path, headers: nifteemHeaders, body: nifteemBody() });
    await expect.poll(() => hanging.stubs.length).toBe(1);
    await vi.advanceTimersByTimeAsync(limits.ingestDeadlineMs);
    expect((await answer).status).toBe(503);
  });

  test("what has not begun by the deadline does not begin after the answer", async () => {
    const { path, headers } = await givenTexter();
    const { promise: late, resolve } = Promise.withResolvers<RecordOutcome>();
    const slow = withMessages(() => late);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const body = texterBody(
      Array.from({ length: limits.parallelCallsMax + 1 }, (_, index) => `late.${index}`),
    );
    const answer = sendWith(slow.env, { path, headers, body });
    await expect.poll(() => slow.stubs.length).toBe(limits.parallelCallsMax);
    await vi.advanceTimersByTimeAsync(limits.ingestDeadlineMs);
    expect((await answer).status).toBe(503);
    resolve({ recorded: 1, repeated: 0, overflowed: 0 });
    // Some turns, in each of which the next call could begin.
    for (let turn = 0; turn < 5; turn += 1) await scheduler.wait(0);
    expect(slow.stubs).toHaveLength(limits.parallelCallsMax);
  });

  test("a rejected webhook that cannot be kept", async () => {
    const source = await givenSource();
    const path = `/in/${source}`;
    expect((await send({ path, headers: nifteemHeaders, body: nifteemBody() })).status).toBe(200);
    const down = withBindings({ DB: unwritableDb });
    expect((await sendWith(down, { path, headers: nifteemHeaders, body: "{" })).status).toBe(503);
    expect((await send({ path, headers: nifteemHeaders, body: "{" })).status).toBe(422);
  });
});

test("no more calls are in flight than the limit, however many messages a webhook has", async () => {
  const { path, headers } = await givenTexter();
  let inFlight = 0;
  let mostInFlight = 0;
  const counting = withMessages(async () => {
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    await scheduler.wait(1);
    inFlight -= 1;
    return { recorded: 1, repeated: 0, overflowed: 0 };
  });
  const body = texterBody(Array.from({ length: 200 }, (_, index) => `wamid.${index}`));
  expect((await sendWith(counting.env, { path, headers, body })).status).toBe(200);
  expect(counting.stubs).toHaveLength(200);
  expect(mostInFlight).toBe(limits.parallelCallsMax);
});

test("one log line a webhook, with what it came to and without who it is about", async () => {
  const { path, source, headers } = await givenTexter();
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const body = texterBody(["A", "B", ""], {
    chat: { channelInfo: { id: "972521234567", name: "whatsapp" } },
  });
  await send({ path, headers, body });
  await send({ path, headers: { Authorization: "Bearer wrong-texter-key" }, body });
  const lines = log.mock.calls
    .map(([line]) => String(line))
    .filter((line) => line.includes('"line":"ingest"'));
  log.mockRestore();
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    {
      source,
      provider: "texter",
      updates: 2,
      recorded: 2,
      repeated: 0,
      ignored: 0,
      rejected: 1,
      status: 200,
    },
    { source, provider: "texter", updates: 0, recorded: 0, status: 401 },
  ]);
  expect(lines.join("")).not.toMatch(/972521234567|texter-key/);
});
