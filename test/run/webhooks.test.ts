/** Webhooks of the built service to real receivers on loopback, over the death of every process. */
import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { verifyWebhook } from "../../src/client/webhook.ts";
import { deliverySchema } from "../../src/model/subscription.ts";
import { freePort, type Service, startService } from "../support/service.ts";

const stateDirectory = mkdtempSync(join(tmpdir(), "tickline-webhooks-"));
let service: Service;
let receiver: Server;
let receiverOrigin: string;
let isUp = false;
const received: { path: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];

beforeAll(async () => {
  service = await startService({ port: await freePort(), stateDirectory });
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      const path = request.url ?? "";
      received.push({ path, headers: request.headers, body });
      if (isUp) response.end("thanks");
      else if (path === "/failing") response.writeHead(500).end();
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => receiver.listen(port, "127.0.0.1", resolve));
  receiverOrigin = `http://127.0.0.1:${port}`;
}, 90_000);

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await service.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
}, 20_000);

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${service.origin}${path}`, {
    method,
    headers: { Authorization: `Bearer ${service.rootKey}`, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}`).toBe(true);
  return response.json();
}

const madeSchema = z.object({ id: z.string(), signingSecret: z.string() });
const listSchema = z.object({ data: z.array(deliverySchema) });
const at = (path: string) => received.filter((request) => request.path === path);

async function states(): Promise<string[]> {
  const answer = await ask("GET", "/v1/messages/demo-nifteem/killed/deliveries");
  return listSchema.parse(answer).data.map(({ state }) => state);
}

test("what is retried, and what is under way, when every process is killed arrives after the next start", async () => {
  const secrets = new Map<string, string>();
  for (const path of ["/failing", "/hanging"]) {
    const made = madeSchema.parse(
      await ask("POST", "/v1/subscriptions", { url: `${receiverOrigin}${path}`, timeoutSeconds: 30 }),
    );
    secrets.set(path, made.signingSecret);
  }
  const posted = await fetch(`${service.origin}/in/demo-nifteem`, {
    method: "POST",
    headers: { "X-API-Key": "demo", "Content-Type": "application/json" },
    body: JSON.stringify({
      event: "DISPATCH_STATUS",
      module: "DISPATCH_API",
      dispatchId: "0FCB1XXXVEABC",
      messageId: "killed",
      messagePart: 1,
      messageTotalParts: 1,
      channel: "RCS",
      channelIdentifier: "+390000000",
      status: "DELIVERED",
      statusOrder: 10,
      statusDate: "2024-01-01T14:30:00Z",
    }),
  });
  expect(posted.status).toBe(200);
  await expect.poll(() => at("/failing").length, { timeout: 10_000 }).toBeGreaterThan(0);
  await expect.poll(() => at("/hanging").length, { timeout: 10_000 }).toBe(1);
  await service.kill();
  isUp = true;
  service = await startService({ port: service.port, stateDirectory });
  await expect.poll(states, { timeout: 40_000, interval: 250 }).toEqual(["delivered", "delivered"]);
  for (const [path, secret] of secrets) {
    const { headers, body } = at(path).at(-1) ?? { headers: {}, body: "" };
    expect(await verifyWebhook({ secret, headers, body })).toMatchObject({
      ok: true,
      id: at(path)[0]?.headers["webhook-id"],
      body: { source: "demo-nifteem", messageId: "killed", status: "delivered" },
    });
  }
}, 120_000);
