/**
 * The built service, and endpoints whose TLS certificate is good, of another name, or vouched for by nobody. What a
 * deployment sees instead is an answer of Cloudflare's own (525, 526), which only a deployment can show.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { deliverySchema } from "../../src/model/subscription.ts";
import { aCertificate, anAuthority, type Certified } from "../support/certificates.ts";
import { freePort, type Service, startService } from "../support/service.ts";

const stateDirectory = mkdtempSync(join(tmpdir(), "tickline-tls-"));
const servers: Server[] = [];
const authority = anAuthority("Tickline's tests");
let service: Service;
let requests = 0;

beforeAll(async () => {
  const trusted = join(stateDirectory, "authority.pem");
  writeFileSync(trusted, authority.certificate);
  service = await startService({
    port: await freePort(),
    stateDirectory,
    // What the local runtime trusts besides the authorities of browsers.
    environment: { NODE_EXTRA_CA_CERTS: trusted },
  });
}, 90_000);

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await service.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}, 20_000);

/** Answers the port. */
async function serve({ certificate, key }: Certified): Promise<number> {
  const options = { cert: certificate, key: key.export({ type: "pkcs8", format: "pem" }) };
  const server = createServer(options, (_request, response) => {
    requests += 1;
    response.end("thanks");
  });
  servers.push(server);
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return port;
}

async function ask<Schema extends z.core.$ZodType>(
  method: string,
  path: string,
  schema: Schema,
  body?: unknown,
) {
  const response = await fetch(`${service.origin}${path}`, {
    method,
    headers: { Authorization: `Bearer ${service.rootKey}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}`).toBe(true);
  return z.parse(schema, await response.json());
}

function read(id: string, event: string) {
  return ask("GET", `/v1/subscriptions/${id}/deliveries/${event}`, deliverySchema);
}

/** Sends a test event, and waits for what came of its first attempt. */
async function firstAttempt(url: string) {
  const { id } = await ask("POST", "/v1/subscriptions", z.object({ id: z.string() }), { url });
  const { event } = await ask("POST", `/v1/subscriptions/${id}/test`, deliverySchema);
  await expect.poll(async () => (await read(id, event)).attemptsTotal, { timeout: 10_000 }).toBe(1);
  return { id, event, delivery: await read(id, event) };
}

test("a certificate of a trusted authority and of the right name is accepted", async () => {
  const port = await serve(aCertificate("localhost", authority));
  const { delivery } = await firstAttempt(`https://localhost:${port}/`);
  expect(delivery.state).toBe("delivered");
  expect(requests).toBe(1);
});

test.each([
  ["of another name", aCertificate("elsewhere.example.com", authority)],
  ["of the right name that vouches for itself", aCertificate("localhost", null)],
])(
  "a certificate %s is refused: nothing is sent, the attempt says so, and is made again",
  async (_kind, certificate) => {
    const port = await serve(certificate);
    const before = requests;
    const { id, event, delivery } = await firstAttempt(`https://localhost:${port}/`);
    expect(delivery).toMatchObject({
      state: "retrying",
      nextAttemptAt: expect.any(String),
      attempts: [
        {
          statusCode: null,
          responseBody: null,
          error: expect.stringMatching(/TLS: a certificate .* not trusted/),
        },
      ],
    });
    await ask("POST", `/v1/subscriptions/${id}/deliveries/${event}/retry`, deliverySchema);
    const attemptsTotal = async () => (await read(id, event)).attemptsTotal;
    await expect.poll(attemptsTotal, { timeout: 10_000 }).toBe(2);
    expect((await read(id, event)).state).toBe("retrying");
    expect(requests).toBe(before);
  },
);

test("a connection that is refused before TLS begins is not called a matter of certificates", async () => {
  const { delivery } = await firstAttempt(`https://localhost:${await freePort()}/`);
  expect(delivery.attempts[0]?.error).toMatch(/^connection failed: (?!.*certificate)/);
});
