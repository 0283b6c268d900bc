import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import * as z from "zod";
import { answerOf, ask, newKey } from "../../support/api.ts";

const created = z.looseObject({ id: z.string(), key: z.string() });

afterEach(() => {
  vi.useRealTimers();
});

function freshKey(): string {
  return crypto.randomUUID();
}

async function make(
  idempotencyKey: string,
  body: unknown = { name: "x", scopes: ["feed:read"] },
  key?: string,
) {
  const headers = { "Idempotency-Key": idempotencyKey };
  return ask("POST", "/v1/keys", key === undefined ? { body, headers } : { body, headers, key });
}

async function countOf(name: string): Promise<unknown> {
  return env.DB.prepare("SELECT count(*) AS count FROM keys WHERE name = ?").bind(name).first("count");
}

test("a creating request that is sent again creates nothing, and gets the first answer with its secrets", async () => {
  const idempotencyKey = freshKey();
  const body = { name: `once-${idempotencyKey}`, scopes: ["feed:read"] };
  const first = await make(idempotencyKey, body);
  const second = await make(idempotencyKey, body);
  expect(second.headers.get("Idempotency-Replayed")).toBe("true");
  expect(second.headers.get("Location")).toBe(first.headers.get("Location"));
  expect(second.headers.get("Request-Id")).not.toBe(first.headers.get("Request-Id"));
  expect(await answerOf(second, 201, created)).toEqual(await answerOf(first, 201, created));
  expect(await countOf(body.name)).toBe(1);
});

test("the kept answer is sealed", async () => {
  const idempotencyKey = freshKey();
  const { key } = await answerOf(await make(idempotencyKey), 201, created);
  const { results } = await env.DB.prepare("SELECT * FROM idempotent_requests").all();
  expect(results.length).toBeGreaterThan(0);
  expect(JSON.stringify(results)).not.toContain(key);
  expect(JSON.stringify(results)).not.toContain(idempotencyKey);
});

test("the same key with another body is 422", async () => {
  const idempotencyKey = freshKey();
  await make(idempotencyKey);
  expect((await make(idempotencyKey, { name: "y", scopes: ["feed:read"] })).status).toBe(422);
});

test("of many at the same moment one creates, the others are told to wait or get its answer", async () => {
  const idempotencyKey = freshKey();
  const body = { name: `race-${idempotencyKey}`, scopes: ["feed:read"] };
  const answers = await Promise.all(Array.from({ length: 8 }, () => make(idempotencyKey, body)));
  expect(await countOf(body.name)).toBe(1);
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
  const ids = await Promise.all(
    answers
      .filter(({ status }) => status === 201)
      .map(async (answer) => (await answerOf(answer, 201, created)).id),
  );
  expect(new Set(ids).size).toBe(1);
});

test("while the first one is at work the second is 409, and after a minute of silence it may try", async () => {
  const idempotencyKey = freshKey();
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  await make(idempotencyKey);
  // As it is where the first one was cut off before it could keep its answer.
  await env.DB.prepare("UPDATE idempotent_requests SET answer = NULL").run();
  vi.setSystemTime(startMs + 60_000);
  expect((await make(idempotencyKey)).status).toBe(409);
  vi.setSystemTime(startMs + 60_001);
  expect((await make(idempotencyKey)).status).toBe(201);
});

test("it counts for one asker and one address", async () => {
  const idempotencyKey = freshKey();
  const other = await newKey(["keys:write", "feed:read"]);
  const first = await answerOf(await make(idempotencyKey), 201, created);
  const second = await answerOf(await make(idempotencyKey, undefined, other.key), 201, created);
  expect(second.id).not.toBe(first.id);
  const headers = { "Idempotency-Key": idempotencyKey };
  const elsewhere = await ask("POST", "/v1/sources", { body: { provider: "nifteem", name: "x" }, headers });
  expect(elsewhere.status).toBe(201);
});

test("a refused request may be mended and sent again under the same key", async () => {
  const idempotencyKey = freshKey();
  expect((await make(idempotencyKey, { name: "x", scopes: [] })).status).toBe(422);
  expect((await make(idempotencyKey)).status).toBe(201);
});

test("after 24 hours the key is free again", async () => {
  const idempotencyKey = freshKey();
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs });
  const first = await answerOf(await make(idempotencyKey), 201, created);
  vi.setSystemTime(startMs + 86_400_000);
  expect((await answerOf(await make(idempotencyKey), 201, created)).id).toBe(first.id);
  vi.setSystemTime(startMs + 86_400_001);
  expect((await answerOf(await make(idempotencyKey), 201, created)).id).not.toBe(first.id);
});

test("old answers are forgotten", async () => {
  const startMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: startMs - 90_000_000 });
  await make(freshKey());
  vi.setSystemTime(startMs);
  await make(freshKey());
  const old = new Date(startMs - 86_400_000).toISOString();
  await expect
    .poll(async () =>
      env.DB.prepare("SELECT count(*) AS count FROM idempotent_requests WHERE created_at < ?")
        .bind(old)
        .first("count"),
    )
    .toBe(0);
});

test("an empty, too long or invisible key is 422", async () => {
  for (const wrong of ["", " ", "x".repeat(256), "a b"]) {
    expect([wrong, (await make(wrong)).status]).toEqual([wrong, 422]);
  }
  expect((await make("x".repeat(255))).status).toBe(201);
});
