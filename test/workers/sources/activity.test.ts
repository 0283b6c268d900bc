import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import * as z from "zod";
import { expect, test } from "vitest";
import { noteReceived, noteRefused } from "../../../src/sources/store.ts";
import { answerOf, ask, newSource, withoutDatabase } from "../../support/api.ts";

const source = z.looseObject({
  lastReceivedAt: z.string().nullable(),
  counts: z.looseObject({ received: z.int(), refused: z.int() }),
});

async function read(id: string) {
  return answerOf(await ask("GET", `/v1/sources/${id}`), 200, source);
}

test("the first webhook of a source is written down at once", async () => {
  const { id } = await newSource();
  expect(await read(id)).toMatchObject({ lastReceivedAt: null, counts: { received: 0 } });
  const context = createExecutionContext();
  noteReceived(env, context, id);
  await waitOnExecutionContext(context);
  const row = await env.DB.prepare("SELECT received, last_received_at FROM sources WHERE id = ?")
    .bind(id)
    .first();
  expect(row).toEqual({ received: 1, last_received_at: expect.stringMatching(/Z$/) });
});

test("what is not written yet is shown where it was counted, and costs one row for all", async () => {
  const { id } = await newSource();
  let writes = 0;
  const context = {
    waitUntil: () => {
      writes += 1;
    },
  };
  const startMs = Date.now();
  for (let index = 0; index < 50; index += 1) noteReceived(env, context, id);
  noteRefused(env, context, id);
  // One for the first, and one that waits for all the others.
  expect(writes).toBe(2);
  const { lastReceivedAt, counts } = await read(id);
  expect(counts).toMatchObject({ received: 50, refused: 1 });
  expect(Date.parse(lastReceivedAt ?? "")).toBeGreaterThanOrEqual(startMs);
});

test("counts whose write failed are kept for the next one", async () => {
  const { id } = await newSource();
  const context = createExecutionContext();
  noteReceived(withoutDatabase(), context, id);
  await waitOnExecutionContext(context);
  expect((await read(id)).counts.received).toBe(1);
});
