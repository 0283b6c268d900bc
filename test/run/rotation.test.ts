/** The runbook's way to new secrets of the deployment (docs/operations.md, "How to rotate"), step by step. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import * as z from "zod";
import { verifyWebhook } from "../../src/client/webhook.ts";
import { type Arrived, ownEndpoint } from "../support/endpoint.ts";
import { bearer, ownService } from "../support/ownService.ts";

const own = ownService("rotation");
const { ask, start } = own;
const endpoint = ownEndpoint((response) => response.end());
const former = {
  ROOT_KEY: "the-former-root-key-0123456789-abcdefgh",
  ENCRYPTION_KEY: "the-former-encryption-key-0123456789-abc",
};
const fresh = {
  ROOT_KEY: "the-fresh-root-key-0123456789-abcdefghij",
  ENCRYPTION_KEY: "the-fresh-encryption-key-0123456789-abcd",
};

test("both secrets of the deployment change, and no source, subscription or key notices", async () => {
  await start(former);
  // They would be left under the former key, and are made anew by the next start.
  for (const name of ["nifteem", "callbell", "texter"]) await ask("DELETE", `/v1/sources/demo-${name}`);
  const source = madeSourceSchema.parse(
    await ask("POST", "/v1/sources", { provider: "nifteem", name: "kept", id: "my-nifteem" }),
  );
  const key = madeKeySchema.parse(await ask("POST", "/v1/keys", { name: "kept", scopes: ["messages:read"] }));
  const subscription = { url: endpoint.origin, headers: { "X-Api-Key": "theirs" } };
  const { id, signingSecret } = madeSubscriptionSchema.parse(
    await ask("POST", "/v1/subscriptions", subscription),
  );
  await expectDelivered(source, "before", signingSecret);
  await own.service.stop();
  const [formerKeyId] = sealedBy();

  await start({ ...fresh, ENCRYPTION_KEY_PREVIOUS: former.ENCRYPTION_KEY });
  const refused = await fetch(`${own.service.origin}/v1/sources`, bearer(former.ROOT_KEY));
  expect(refused.status).toBe(401);
  await expectDelivered(source, "between", signingSecret);
  expect((await fetch(`${own.service.origin}/v1/messages`, bearer(key.key))).status).toBe(200);
  const rotated = madeSubscriptionSchema.parse(
    await ask("POST", `/v1/subscriptions/${id}/rotate`, { overlapSeconds: 0 }),
  );
  await ask("PATCH", `/v1/subscriptions/${id}`, { headers: { "X-Api-Key": "theirs" } });
  await own.service.stop();
  expect(leftUnder(String(formerKeyId))).toEqual([]);

  await start(fresh);
  await expectDelivered(source, "after", rotated.signingSecret);
});

const madeSourceSchema = z.object({
  ingestUrl: z.string(),
  credentials: z.tuple([z.object({ name: z.string(), value: z.string() })]),
});
const madeKeySchema = z.object({ key: z.string() });
const madeSubscriptionSchema = z.object({ id: z.string(), signingSecret: z.string() });

/** One webhook in, with the source's first credential; one out, with the header and a signature that holds. */
async function expectDelivered(
  { credentials: [{ name, value }] }: z.infer<typeof madeSourceSchema>,
  messageId: string,
  secret: string,
): Promise<void> {
  const response = await fetch(`${own.service.origin}/in/my-nifteem`, {
    method: "POST",
    headers: { [name]: value },
    body: JSON.stringify({ messageId, status: "DELIVERED", statusDate: "2024-01-01T14:30:00Z" }),
  });
  expect(response.status, `${await response.text()}\n${own.service.output()}`).toBe(200);
  const isIt = ({ body }: Arrived): boolean => body.includes(`"messageId":"${messageId}"`);
  await expect.poll(() => endpoint.arrived.some(isIt)).toBe(true);
  const { headers, body }: Arrived = endpoint.arrived.find(isIt) ?? { path: "", headers: {}, body: "" };
  expect(headers["x-api-key"]).toBe("theirs");
  expect(await verifyWebhook({ secret, headers, body })).toMatchObject({ ok: true });
}

/** The runbook's first question: the ids of the keys under which sources are sealed. */
function sealedBy(): unknown[] {
  return query("SELECT DISTINCT substr(sealed_auth, 4, 16) AS id FROM sources");
}

/** Its second: what is still sealed under that key. */
function leftUnder(keyId: string): unknown[] {
  return [
    ...query(`SELECT id FROM sources WHERE sealed_auth LIKE 'v1.${keyId}.%'`),
    ...query(`SELECT id FROM subscriptions WHERE settings LIKE '%v1.${keyId}.%'`),
  ];
}

function query(sql: string): unknown[] {
  const directory = join(own.stateDirectory, "v3/d1/miniflare-D1DatabaseObject");
  const name = readdirSync(directory).find(
    (file) => file.endsWith(".sqlite") && !file.startsWith("metadata"),
  );
  const database = new DatabaseSync(join(directory, name ?? ""));
  try {
    return database
      .prepare(sql)
      .all()
      .map(({ id }) => id);
  } finally {
    database.close();
  }
}
