/** The runbook's way to new secrets of the deployment (docs/operations.md, "How to rotate"), step by step. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { verifyWebhook } from "../../src/client/webhook.ts";
import { freePort, type Service, startService } from "../support/service.ts";

const stateDirectory = mkdtempSync(join(tmpdir(), "tickline-rotation-"));
const former = {
  ROOT_KEY: "the-former-root-key-0123456789-abcdefgh",
  ENCRYPTION_KEY: "the-former-encryption-key-0123456789-abc",
};
const fresh = {
  ROOT_KEY: "the-fresh-root-key-0123456789-abcdefghij",
  ENCRYPTION_KEY: "the-fresh-encryption-key-0123456789-abcd",
};
const received: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
let service: Service;
let receiver: Server;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
}, 20_000);

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await service.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}, 20_000);

test("both secrets of the deployment change, and no source, subscription or key notices", async () => {
  await start(former);
  // They would be left under the former key, and are made anew by the next start.
  for (const name of ["nifteem", "callbell", "texter"]) await ask("DELETE", `/v1/sources/demo-${name}`);
  const source = madeSourceSchema.parse(
    await ask("POST", "/v1/sources", { provider: "nifteem", name: "kept", id: "my-nifteem" }),
  );
  const key = madeKeySchema.parse(await ask("POST", "/v1/keys", { name: "kept", scopes: ["messages:read"] }));
  const address = receiver.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  const { id, signingSecret } = madeSubscriptionSchema.parse(
    await ask("POST", "/v1/subscriptions", { url, headers: { "X-Api-Key": "theirs" } }),
  );
  await expectDelivered(source, "before", signingSecret);
  await service.stop();
  const [formerKeyId] = sealedBy();

  await start({ ...fresh, ENCRYPTION_KEY_PREVIOUS: former.ENCRYPTION_KEY });
  const refused = await fetch(`${service.origin}/v1/sources`, bearer(former.ROOT_KEY));
  expect(refused.status).toBe(401);
  await expectDelivered(source, "between", signingSecret);
  expect((await fetch(`${service.origin}/v1/messages`, bearer(key.key))).status).toBe(200);
  const rotated = madeSubscriptionSchema.parse(
    await ask("POST", `/v1/subscriptions/${id}/rotate`, { overlapSeconds: 0 }),
  );
  await ask("PATCH", `/v1/subscriptions/${id}`, { headers: { "X-Api-Key": "theirs" } });
  await service.stop();
  expect(leftUnder(String(formerKeyId))).toEqual([]);

  await start(fresh);
  await expectDelivered(source, "after", rotated.signingSecret);
}, 240_000);

const madeSourceSchema = z.object({
  ingestUrl: z.string(),
  credentials: z.tuple([z.object({ name: z.string(), value: z.string() })]),
});
const madeKeySchema = z.object({ key: z.string() });
const madeSubscriptionSchema = z.object({ id: z.string(), signingSecret: z.string() });

async function start(environment: Readonly<Record<string, string>>): Promise<void> {
  service = await startService({ port: await freePort(), stateDirectory, environment });
}

/** One webhook in, with the source's first credential; one out, with the header and a signature that holds. */
async function expectDelivered(
  { credentials: [{ name, value }] }: z.infer<typeof madeSourceSchema>,
  messageId: string,
  secret: string,
): Promise<void> {
  const response = await fetch(`${service.origin}/in/my-nifteem`, {
    method: "POST",
    headers: { [name]: value },
    body: JSON.stringify({ messageId, status: "DELIVERED", statusDate: "2024-01-01T14:30:00Z" }),
  });
  expect(response.status, `${await response.text()}\n${service.output()}`).toBe(200);
  const isIt = ({ body }: { body: string }): boolean => body.includes(`"messageId":"${messageId}"`);
  await expect.poll(() => received.some(isIt), { timeout: 20_000 }).toBe(true);
  const { headers, body } = received.find(isIt) ?? { headers: {}, body: "" };
  expect(headers["x-api-key"]).toBe("theirs");
  expect(await verifyWebhook({ secret, headers, body })).toMatchObject({ ok: true });
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${service.origin}${path}`, {
    method,
    ...bearer(service.rootKey),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const said = await response.text();
  expect(response.ok, `${method} ${path}: ${said}`).toBe(true);
  return said === "" ? null : JSON.parse(said);
}

function bearer(key: string): { headers: Record<string, string> } {
  return { headers: { Authorization: `Bearer ${key}` } };
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
  const directory = join(stateDirectory, "v3/d1/miniflare-D1DatabaseObject");
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
