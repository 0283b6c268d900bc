import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import type { JsonObject } from "../../../src/model/json.ts";
import { readMessage, send, texterBody, nifteemBody } from "../../support/webhooks.ts";

/** Through the public API alone, as the person who connects an account goes. */
const sourceSchema = z.object({
  id: z.string(),
  ingestUrl: z.url(),
  auth: z.array(z.record(z.string(), z.string())),
  counts: z.record(z.string(), z.int()),
  lastReceivedAt: z.string().nullable(),
});
type Source = z.infer<typeof sourceSchema>;

async function manage(method: string, path: string, body?: JsonObject): Promise<Source> {
  const response = await exports.default.fetch(
    new Request(`http://localhost/v1/sources${path}`, {
      method,
      headers: { Authorization: `Bearer ${env.ROOT_KEY}`, "Content-Type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    }),
  );
  expect(response.status).toBeLessThan(300);
  return sourceSchema.parse(await response.json());
}

/** The headers that the source's entries ask for; a URL token stands in its address already. */
function headersFor({ auth }: Source): Record<string, string> {
  const headers = auth.filter(({ type }) => type === "header");
  return Object.fromEntries(headers.map(({ name = "", value = "" }) => [name, value]));
}

async function statusOf(source: Source, body: string): Promise<number> {
  const { pathname } = new URL(source.ingestUrl);
  return (await send({ path: pathname, headers: headersFor(source), body })).status;
}

test.each([
  ["nifteem", nifteemBody({ messageId: "M1" })],
  [
    "callbell",
    JSON.stringify({ event: "message_status_updated", payload: { uuid: "M1", status: "delivered" } }),
  ],
  ["texter", texterBody(["M1"], { messageStatus: 2 })],
])("a source of %s works with what its creation answered, and through a rotation", async (provider, body) => {
  const created = await manage("POST", "", { provider, name: "Ours" });
  expect(await statusOf(created, body)).toBe(200);
  expect(await readMessage(created.id, "M1")).toMatchObject({ status: "delivered", provider });

  const rotated = await manage("POST", `/${created.id}/rotate`, {});
  expect([rotated.ingestUrl, rotated.auth]).not.toEqual([created.ingestUrl, created.auth]);
  for (const credentials of [rotated, created]) expect(await statusOf(credentials, body)).toBe(200);

  const ended = await manage("POST", `/${created.id}/rotate`, { overlapSeconds: 0 });
  expect(await statusOf(ended, body)).toBe(200);
  for (const credentials of [rotated, created]) expect(await statusOf(credentials, body)).toBe(401);
  expect(await readMessage(created.id, "M1")).toMatchObject({ version: 1, duplicates: 3 });

  await manage("PATCH", `/${created.id}`, { status: "inactive" });
  expect(await statusOf(ended, body)).toBe(404);
});

test("what comes in is counted at its source", async () => {
  const auth = [{ type: "header", name: "X-API-Key", value: "right" }];
  const created = await manage("POST", "", { provider: "nifteem", name: "Ours", auth });
  // A value that its owner gave is not shown again.
  const source = { ...created, auth };
  expect(await statusOf(source, nifteemBody())).toBe(200);
  expect(await statusOf(source, JSON.stringify({ event: "INCOMING_MESSAGE" }))).toBe(200);
  expect(await statusOf(source, "{")).toBe(422);
  expect(await statusOf({ ...source, auth: [] }, nifteemBody())).toBe(401);
  const { counts, lastReceivedAt } = await manage("GET", `/${created.id}`);
  expect(counts).toEqual({ received: 2, refused: 1, rejected: 1, ignored: 1 });
  expect(lastReceivedAt).not.toBeNull();
});
