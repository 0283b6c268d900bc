/** `kill -9` of everything in the middle of traffic, twice: what was answered 200 is everywhere afterwards, once. */
import { setTimeout as wait } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { deliverySchema } from "../../src/model/subscription.ts";
import { ownEndpoint } from "../support/endpoint.ts";
import { ownService } from "../support/ownService.ts";

const own = ownService("killed");
const { ask } = own;
const endpoint = ownEndpoint((response) => response.end());
const messages = Array.from({ length: 60 }, (_, index) => `traffic-${index}`);
const statuses = ["SENT", "DELIVERED", "READ"];
const senders = 8;
/** Longer than the first wait of a message's alarm, which is 10 s. */
const settled = { timeout: 120_000, interval: 500 };

beforeAll(() => own.start());

test("tables, feed and subscriptions have every event that was answered 200, and the feed has none twice", async () => {
  const { id } = z
    .object({ id: z.string() })
    .parse(await ask("POST", "/v1/subscriptions", { url: endpoint.origin, filter: { effects: [] } }));

  const { unanswered } = await sendThroughKills();
  // Else nothing was under way when it died, and this proves little.
  expect(unanswered).toBeGreaterThan(0);

  const events = new Set<string>();
  for (const message of messages) {
    const { status, version, history } = messageSchema.parse(
      await ask("GET", `/v1/messages/${source}/${message}`),
    );
    expect({ message, status, version }).toEqual({ message, status: "read", version: statuses.length });
    for (const event of history) events.add(event.id);
  }
  const everyMessage = messages.map((messageId) => ({ messageId, status: "read", version: statuses.length }));
  await expect.poll(listed, settled).toEqual(everyMessage.toSorted(byMessageId));
  await expect.poll(fed, settled).toEqual([...events].toSorted());
  await expect.poll(received, settled).toEqual([...events].toSorted());
  await expect.poll(async () => delivered(id), settled).toEqual([...events].toSorted());
}, 600_000);

const source = "demo-nifteem";
const messageSchema = z.object({
  status: z.string(),
  version: z.int(),
  history: z.array(z.object({ id: z.string() })),
});

/** Sends every status of every message in random order, as a provider would: what is not answered 200 is sent again. */
async function sendThroughKills(): Promise<{ unanswered: number }> {
  const updates = messages.flatMap((messageId) =>
    statuses.map((status, minute) => ({ messageId, status, minute })),
  );
  const queue = updates
    .map((update) => ({ update, key: Math.random() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ update }) => update);
  const total = queue.length;
  const killAt = [Math.floor(total / 3), Math.floor((2 * total) / 3)];
  let [answered, unanswered] = [0, 0];
  let restart: Promise<void> = Promise.resolve();
  const send = async (): Promise<void> => {
    for (let update = queue.pop(); update !== undefined; update = queue.pop()) {
      await restart;
      if (await knock(update)) answered += 1;
      else {
        unanswered += 1;
        queue.push(update);
        await wait(50);
      }
      if (answered === killAt[0]) {
        killAt.shift();
        restart = killAndStart();
      }
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  expect(answered).toBe(total);
  return { unanswered };
}

async function killAndStart(): Promise<void> {
  await own.service.kill();
  await own.start();
}

async function knock(update: { messageId: string; status: string; minute: number }): Promise<boolean> {
  const { messageId, status, minute } = update;
  const statusDate = `2024-01-01T14:3${minute}:00Z`;
  try {
    const response = await fetch(`${own.service.origin}/in/${source}`, {
      method: "POST",
      headers: { "X-API-Key": "demo" },
      body: JSON.stringify({
        messageId,
        status,
        statusDate,
        channel: "SMS",
        channelIdentifier: "+390000000",
      }),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function listed(): Promise<object[]> {
  const row = z.object({ messageId: z.string(), status: z.string(), version: z.int() });
  const rows = z
    .object({ data: z.array(row) })
    .parse(await ask("GET", `/v1/messages?source=${source}&limit=200`)).data;
  return rows.toSorted(byMessageId);
}

/** Each as often as the feed has it. */
async function fed(): Promise<string[]> {
  const ids: string[] = [];
  for (let after = "earliest"; ;) {
    const page = z
      .object({ data: z.array(z.object({ id: z.string() })), cursor: z.string(), upToDate: z.boolean() })
      .parse(await ask("GET", `/v1/events?after=${after}&sources=${source}&limit=200`));
    ids.push(...page.data.map(({ id }) => id));
    if (page.upToDate) return ids.toSorted();
    after = page.cursor;
  }
}

/** Each once, however often it was sent. */
function received(): string[] {
  return [...new Set(endpoint.arrived.map(({ headers }) => String(headers["webhook-id"])))].toSorted();
}

async function delivered(subscription: string): Promise<string[]> {
  const { data } = z
    .object({ data: z.array(deliverySchema) })
    .parse(await ask("GET", `/v1/subscriptions/${subscription}/deliveries?state=delivered&limit=200`));
  return data.map(({ event }) => event).toSorted();
}

function byMessageId(one: { messageId: string }, other: { messageId: string }): number {
  return one.messageId < other.messageId ? -1 : 1;
}
