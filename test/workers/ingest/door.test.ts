import { describe, expect, test } from "vitest";
import * as z from "zod";
import * as limits from "../../../src/model/limits.ts";
import { callbellToken, givenSource, texterKey } from "../../support/sources.ts";
import {
  nifteemBody,
  nifteemHeaders as headers,
  readMessage,
  send,
  texterBody,
} from "../../support/webhooks.ts";

const problemSchema = z.object({
  status: z.int(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

async function problemOf(response: Response): Promise<z.infer<typeof problemSchema>> {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  return problemSchema.parse(await response.json());
}

describe("200 for what is recorded, and for what does not concern us", () => {
  test("an update is recorded before the answer, a repeat changes nothing", async () => {
    const source = await givenSource();
    const body = nifteemBody({ messageId: "M1", status: "READ" });
    for (const time of ["first", "again"]) {
      const response = await send({ path: `/in/${source}`, headers, body });
      expect([time, response.status, await response.text()]).toEqual([time, 200, '{"status":"ok"}']);
      expect(response.headers.get("Content-Type")).toBe("application/json");
    }
    expect(await readMessage(source, "M1")).toMatchObject({ status: "read", version: 1, duplicates: 1 });
  });

  test("the same webhook fifty times at once is one event", async () => {
    const source = await givenSource();
    const body = nifteemBody({ messageId: "M1" });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send({ path: `/in/${source}`, headers, body })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await readMessage(source, "M1")).toMatchObject({ version: 1, duplicates: 49 });
  });

  test("one webhook of several messages records each", async () => {
    const source = await givenSource({ provider: "texter", authSets: [[texterKey]] });
    const ids = Array.from({ length: 40 }, (_, index) => `wamid.${index}`);
    const response = await send({
      path: `/in/${source}`,
      headers: { Authorization: "Bearer right-texter-key" },
      body: texterBody(ids),
    });
    expect(response.status).toBe(200);
    for (const id of ids) expect(await readMessage(source, id)).toMatchObject({ status: "read", version: 1 });
  });

  test("one webhook that names a message twice tells one event, repeated", async () => {
    const source = await givenSource({ provider: "texter", authSets: [[texterKey]] });
    const texterHeaders = { Authorization: "Bearer right-texter-key" };
    await send({ path: `/in/${source}`, headers: texterHeaders, body: texterBody(["A", "A"]) });
    expect(await readMessage(source, "A")).toMatchObject({ version: 1, duplicates: 1 });
  });

  test("another kind of event is answered and not mistaken for a status", async () => {
    const source = await givenSource();
    const body = JSON.stringify({ event: "INCOMING_MESSAGE", messageId: "M1", message: { text: "hi" } });
    expect((await send({ path: `/in/${source}`, headers, body })).status).toBe(200);
    expect(await readMessage(source, "M1")).toBeNull();
  });
});

test.each([
  ["slashes and signs", "a/b=c+d//e?f#g%2F"],
  ["emoji", "📨-👩‍👩‍👧-é-\u202e"],
  ["a member that every object has", "__proto__"],
  ["three dots", "..."],
  ["as many bytes as are allowed", "x".repeat(limits.messageIdBytesMax)],
])("an id with %s is an id like any other", async (_, messageId) => {
  const source = await givenSource();
  const body = nifteemBody({ messageId, dispatchMetadata: JSON.parse('{"__proto__":"kept"}') });
  expect((await send({ path: `/in/${source}`, headers, body })).status).toBe(200);
  const message = await readMessage(source, messageId);
  expect(message).toMatchObject({ messageId, version: 1 });
  expect(JSON.stringify(message?.metadata)).toBe('{"__proto__":"kept"}');
});

describe("422 names what is wrong", () => {
  test.each([
    ["not JSON", "{", ""],
    ["nothing", "", ""],
    ["bytes that are no text", new Uint8Array([0x22, 0xff, 0x22]), ""],
    ["JSON of another shape", "[1]", ""],
    ["a missing field", nifteemBody({ messageId: null }), "messageId"],
    ["an empty id", nifteemBody({ messageId: "" }), "messageId"],
    ["an id of 1,000 characters", nifteemBody({ messageId: "x".repeat(1_000) }), "messageId"],
    ["a date that is none", nifteemBody({ statusDate: "yesterday" }), "statusDate"],
    ["a wrong type", nifteemBody({ status: { is: "READ" } }), "status"],
    ["deep nesting", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, ""],
    ["deep nesting in a field", `{"messageId":${"[".repeat(5_000)}${"]".repeat(5_000)}}`, ""],
  ])("%s", async (_, body, path) => {
    const source = await givenSource();
    const response = await send({ path: `/in/${source}`, headers, body });
    expect(response.status).toBe(422);
    const { errors } = await problemOf(response);
    expect(errors.map((error) => error.path)).toContain(path);
  });
});

describe("404 for what is not there", () => {
  test("an unknown source, whatever it is called, and one that is inactive", async () => {
    const inactive = await givenSource({ status: "inactive" });
    for (const id of ["no-such-source", "__proto__", "%00", "%ff", "x".repeat(5_000), inactive]) {
      const response = await send({ path: `/in/${id}`, headers, body: nifteemBody() });
      expect(response.status).toBe(404);
      expect((await send({ path: `/in/${id}`, method: "GET" })).status).toBe(404);
    }
  });

  test("an address that goes on after a source without a token, or after the token", async () => {
    const source = await givenSource();
    expect((await send({ path: `/in/${source}/more`, headers, body: nifteemBody() })).status).toBe(404);
    expect((await send({ path: `/in/${source}/more/of/it`, headers, body: nifteemBody() })).status).toBe(404);
  });
});

/** Zeros, and how many of them were asked for. */
function streamOf(bytesMax: number): { readonly stream: ReadableStream; readonly pulledBytes: () => number } {
  let pulled = 0;
  const stream = new ReadableStream({
    pull: (controller) => {
      pulled += 1_000_000;
      if (pulled > bytesMax) controller.close();
      else controller.enqueue(new Uint8Array(1_000_000));
    },
  });
  return { stream, pulledBytes: () => pulled };
}

describe("413 while reading", () => {
  test("a body of the limit is read, one byte more is not", async () => {
    const source = await givenSource();
    const body = nifteemBody({ dispatchMetadata: {} });
    const padded = (bytes: number) => `${body}${" ".repeat(bytes - body.length)}`;
    const atLimit = await send({ path: `/in/${source}`, headers, body: padded(limits.webhookBodyBytesMax) });
    expect(atLimit.status).toBe(200);
    const over = await send({ path: `/in/${source}`, headers, body: padded(limits.webhookBodyBytesMax + 1) });
    expect(over.status).toBe(413);
    expect(await problemOf(over)).toMatchObject({ status: 413 });
  });

  test("a sender of 10 MB is heard out, and gets the answer", async () => {
    const source = await givenSource();
    const body = streamOf(10_000_000);
    expect((await send({ path: `/in/${source}`, headers, body: body.stream })).status).toBe(413);
    expect(body.pulledBytes()).toBeGreaterThan(10_000_000);
  });

  test("a sender without an end is not", async () => {
    const source = await givenSource();
    const body = streamOf(Infinity);
    expect((await send({ path: `/in/${source}`, headers, body: body.stream })).status).toBe(413);
    expect(body.pulledBytes()).toBeLessThan(limits.discardedBodyBytesMax + 10_000_000);
  });
});

describe("GET", () => {
  test("a connection check of Callbell is answered at its own address only", async () => {
    const source = await givenSource({ provider: "callbell", authSets: [[callbellToken]] });
    const check = await send({ path: `/in/${source}/right-callbell-token`, method: "GET" });
    expect([check.status, await check.text()]).toEqual([200, '{"status":"ok"}']);
    expect((await send({ path: `/in/${source}/right-callbell-toke`, method: "GET" })).status).toBe(401);
    expect((await send({ path: `/in/${source}`, method: "GET" })).status).toBe(401);
    const head = await send({ path: `/in/${source}/right-callbell-token`, method: "HEAD" });
    expect(head.status).toBe(200);
  });

  test("an empty or foreign body to Callbell's address is a connection check too", async () => {
    const source = await givenSource({ provider: "callbell", authSets: [[callbellToken]] });
    for (const body of ["", "ping", "[]", '{"a":1}']) {
      const response = await send({ path: `/in/${source}/right-callbell-token`, body });
      expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}']);
    }
  });

  test("a provider that never asks is told that this address takes POST only", async () => {
    const source = await givenSource();
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) {
      const response = await send({ path: `/in/${source}`, method });
      expect(response.status).toBe(405);
      expect(response.headers.get("Allow")).toContain("POST");
    }
  });
});

test("over the source's rate limit: 429 with the time to wait; the others are not held up", async () => {
  const limited = await givenSource({ rateLimit: { perSecond: 0.01, burst: 2 } });
  const free = await givenSource();
  const statuses: number[] = [];
  for (let count = 0; count < 3; count += 1) {
    const response = await send({ path: `/in/${limited}`, headers, body: nifteemBody() });
    statuses.push(response.status);
    if (response.status === 429) expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await send({ path: `/in/${free}`, headers, body: nifteemBody() })).status).toBe(200);
  }
  expect(statuses).toEqual([200, 200, 429]);
  // Whoever is not let in does not use up what the provider may send.
  const unauthenticated = await send({ path: `/in/${limited}`, body: nifteemBody() });
  expect(unauthenticated.status).toBe(401);
});
