/**
 * The built service, and endpoints whose TLS certificate is good, of another name, or vouched for by nobody. What a
 * deployment sees instead is an answer of Cloudflare's own (525, 526), which only a deployment can show.
 */
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { deliverySchema } from "../../src/model/subscription.ts";
import { aCertificate, anAuthority, type Certified } from "../support/certificates.ts";
import { ownService } from "../support/ownService.ts";
import { freePort } from "../support/service.ts";

const own = ownService("tls");
const servers: Server[] = [];
const authority = anAuthority("Tickline's tests");
let requests = 0;

beforeAll(async () => {
  const trusted = join(own.stateDirectory, "authority.pem");
  writeFileSync(trusted, authority.certificate);
  // What the local runtime trusts besides the authorities of browsers.
  await own.start({ NODE_EXTRA_CA_CERTS: trusted });
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

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

async function read(id: string, event: string) {
  return deliverySchema.parse(await own.ask("GET", `/v1/subscriptions/${id}/deliveries/${event}`));
}

/** Waits for more attempts than these. They also go on by themselves, after 5 s and then after minutes. */
async function readAfter(attempts: number, id: string, event: string) {
  let delivery = await read(id, event);
  await expect
    .poll(async () => {
      delivery = await read(id, event);
      return delivery.attemptsTotal;
    })
    .toBeGreaterThan(attempts);
  return delivery;
}

/** Sends a test event, and waits for what came of its first attempt. */
async function firstAttempt(url: string) {
  const { id } = z.object({ id: z.string() }).parse(await own.ask("POST", "/v1/subscriptions", { url }));
  const { event } = deliverySchema.parse(await own.ask("POST", `/v1/subscriptions/${id}/test`));
  return { id, event, delivery: await readAfter(0, id, event) };
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
    });
    expect(delivery.attempts[0]).toMatchObject({
      statusCode: null,
      responseBody: null,
      error: expect.stringMatching(/TLS: a certificate .* not trusted/),
    });
    const { attemptsTotal } = await read(id, event);
    await own.ask("POST", `/v1/subscriptions/${id}/deliveries/${event}/retry`);
    expect((await readAfter(attemptsTotal, id, event)).state).toBe("retrying");
    expect(requests).toBe(before);
  },
);

test("a connection that is refused before TLS begins is not called a matter of certificates", async () => {
  const { delivery } = await firstAttempt(`https://localhost:${await freePort()}/`);
  expect(delivery.attempts[0]?.error).toMatch(/^connection failed: (?!.*certificate)/);
});
