/** Webhooks of the built service to real receivers on loopback, over the death of every process. */
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { verifyWebhook } from "../../src/client/webhook.ts";
import { deliverySchema } from "../../src/model/subscription.ts";
import { ownEndpoint } from "../support/endpoint.ts";
import { ownService } from "../support/ownService.ts";

const own = ownService("webhooks");
const { ask } = own;
let isUp = false;
const endpoint = ownEndpoint((response, { path }) => {
  if (isUp) response.end("thanks");
  // Only once: a second failure, should the machine be so slow, would put the next attempt off by minutes.
  else if (path === "/failing" && at(path).length === 1) response.writeHead(500).end();
});

beforeAll(() => own.start());

const madeSchema = z.object({ id: z.string(), signingSecret: z.string() });
const listSchema = z.object({ data: z.array(deliverySchema) });
const at = (path: string) => endpoint.arrived.filter((request) => request.path === path);

async function states(): Promise<string[]> {
  const answer = await ask("GET", "/v1/messages/demo-nifteem/killed/deliveries");
  return listSchema.parse(answer).data.map(({ state }) => state);
}

test("what is retried, and what is under way, when every process is killed arrives after the next start", async () => {
  const secrets = new Map<string, string>();
  for (const path of ["/failing", "/hanging"]) {
    const made = madeSchema.parse(
      await ask("POST", "/v1/subscriptions", { url: `${endpoint.origin}${path}`, timeoutSeconds: 30 }),
    );
    secrets.set(path, made.signingSecret);
  }
  const posted = await fetch(`${own.service.origin}/in/demo-nifteem`, {
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
  await expect.poll(() => at("/failing").length).toBeGreaterThan(0);
  await expect.poll(() => at("/hanging").length).toBeGreaterThan(0);
  await own.service.kill();
  isUp = true;
  await own.start();
  await expect.poll(states, { timeout: 120_000, interval: 250 }).toEqual(["delivered", "delivered"]);
  for (const [path, secret] of secrets) {
    const { headers, body } = at(path).at(-1) ?? { headers: {}, body: "" };
    expect(await verifyWebhook({ secret, headers, body })).toMatchObject({
      ok: true,
      id: at(path)[0]?.headers["webhook-id"],
      body: { source: "demo-nifteem", messageId: "killed", status: "delivered" },
    });
  }
});
