/** Replays, and the recorded events that they walk along, as tests make them. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Event } from "../../src/model/event.ts";
import { messageObjectName } from "../../src/model/record.ts";
import { type Replay, replaySchema } from "../../src/model/subscription.ts";
import { answerOf, ask } from "./api.ts";
import { freshMessageId } from "./messages.ts";
import { freshEvent } from "./subscriptions.ts";

/** In its message's object and in D1, as before the fan-out shares it. */
export async function record(events: readonly Event[]): Promise<void> {
  const byMessage = Map.groupBy(events, ({ source, messageId }) => messageObjectName(source, messageId));
  for (const [name, ofMessage] of byMessage) {
    await runInDurableObject(env.MESSAGE.getByName(name), (_object, { storage }) => {
      for (const [index, event] of ofMessage.entries()) {
        const key = `event:${String(index + 1).padStart(6, "0")}`;
        storage.kv.put(key, { event, duplicates: 0, overflow: 0, confirmedVersion: ofMessage.length });
      }
    });
  }
  const statement = env.DB.prepare(
    `INSERT INTO events (received_at, id, source, message_id, version, status, effect, repeats, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, '{}') ON CONFLICT (received_at, id) DO NOTHING`,
  );
  await env.DB.batch(
    events.map(({ receivedAt, id, source, messageId, version, status, effect }) =>
      statement.bind(receivedAt, id, source, messageId, version, status, effect),
    ),
  );
}

/** Of a few messages, since each has an object. */
export function manyEvents(count: number): Event[] {
  const id = freshMessageId();
  return Array.from({ length: count }, (_, index) => freshEvent({ messageId: `${id}-${index % 10}` }));
}

export const hourMs = 3_600_000;

export async function replay(subscription: string, only: string): Promise<Replay> {
  const since = new Date(Date.now() - hourMs).toISOString();
  const until = new Date(Date.now() + hourMs).toISOString();
  const path = `/v1/subscriptions/${subscription}/replay`;
  const job = await answerOf(await ask("POST", path, { body: { since, until, only } }), 202, replaySchema);
  expect(job.state).toBe("running");
  let followed = job;
  await expect
    .poll(async () => {
      const response = await ask("GET", `/v1/subscriptions/${subscription}/replays/${job.id}`);
      followed = await answerOf(response, 200, replaySchema);
      return followed.state;
    })
    .toBe("done");
  return followed;
}
