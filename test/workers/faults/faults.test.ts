/**
 * The three promises under faults: nothing lost, no status regressed, no repeat in the feed.
 *
 * Every outside call refuses, loses, repeats or fails after it has worked, and every object is evicted, by chance;
 * the seed is in the test's name, `FAULTS_SEED` brings it back, `npm run soak` runs it long.
 */
import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { fanOut } from "../../../src/fanout/consumer.ts";
import { addUpdates, emptyLedger, viewMessage } from "../../../src/message/ledger.ts";
import { feedObjectName } from "../../../src/model/record.ts";
import type { Update } from "../../../src/model/update.ts";
import { ask } from "../../support/api.ts";
import { type Chance, chanceOf } from "../../support/chance.ts";
import {
  alarmOf,
  freshMessageId,
  messageStub,
  recordUpdates,
  withBindings,
  withQueue,
} from "../../support/messages.ts";
import { aReason, anUpdate, at, identified, source } from "../../support/updates.ts";

const messagesTotal = Number(env.FAULTS_MESSAGES || 40);
const seed = Number(env.FAULTS_SEED || Math.floor(Math.random() * 2 ** 31));
const repeatShare = 0.3;
const faultShare = 0.15;
const parallel = 8;

const life: readonly Partial<Update>[] = [
  { status: "queued", ...at("2026-11-21T10:00:00Z") },
  { status: "sent", ...at("2026-11-21T10:00:01Z") },
  { status: "failed", ...at("2026-11-21T10:00:02Z"), reason: aReason() },
  { status: "delivered", ...at("2026-11-21T10:00:03Z") },
  { status: "read", ...at("2026-11-21T10:00:04Z") },
];

interface Plan {
  readonly updates: ReadonlyMap<string, readonly Update[]>;
  readonly arrivals: readonly Update[];
}

function planOf(chance: Chance): Plan {
  const updates = new Map(
    Array.from({ length: messagesTotal }, freshMessageId).map((messageId) => {
      const told = life.filter(() => chance.hits(0.8));
      return [
        messageId,
        (told.length === 0 ? life : told).map((part) => anUpdate({ ...part, messageId })),
      ] as const;
    }),
  );
  const all = [...updates.values()].flat();
  return { updates, arrivals: chance.shuffle([...all, ...all.filter(() => chance.hits(repeatShare))]) };
}

/** A call that fails before or after it has worked. */
async function unreliable<Answer>(chance: Chance, call: () => Promise<Answer>): Promise<Answer> {
  if (chance.hits(faultShare)) throw new Error("refused by chance");
  const answer = await call();
  if (chance.hits(faultShare)) throw new Error("lost on the way back by chance");
  return answer;
}

/** A queue that refuses, loses, repeats and reorders. */
function unreliableQueue(chance: Chance, held: unknown[]): Queue["sendBatch"] {
  return async (messages) => {
    if (chance.hits(faultShare)) throw new Error("queue refused by chance");
    for (const { body } of messages) {
      if (chance.hits(faultShare)) continue;
      held.push(structuredClone(body));
      if (chance.hits(faultShare)) held.push(structuredClone(body));
    }
    return { metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } };
  };
}

function feed() {
  return env.FEED.getByName(feedObjectName);
}

function unreliableBindings(chance: Chance): Env {
  return withBindings({
    DB: {
      prepare: (sql: string) => env.DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) => unreliable(chance, () => env.DB.batch(statements)),
    },
    FEED: {
      getByName: () => ({ publish: (events: never[]) => unreliable(chance, () => feed().publish(events)) }),
    },
    MESSAGE: {
      getByName: (name: string) => ({
        confirm: (born: string, versions: number[]) =>
          unreliable(chance, () => env.MESSAGE.getByName(name).confirm(born, versions)),
      }),
    },
  });
}

/** As a provider does: sends until it is answered. */
async function arrive(chance: Chance, update: Update, sendBatch: Queue["sendBatch"]): Promise<void> {
  const stub = messageStub(update.messageId);
  if (chance.hits(faultShare)) {
    await stub.read();
    await evictDurableObject(stub).catch(() => undefined);
  }
  await withQueue(stub, sendBatch);
  await recordUpdates(update.messageId, [update]);
}

async function drain(held: unknown[], bindings: Env, chance: Chance): Promise<void> {
  while (held.length > 0) {
    const bodies = chance.shuffle(held.splice(0, 1 + chance.below(100)));
    const batch = createMessageBatch(
      "tickline-events",
      bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body })),
    );
    await fanOut(batch, bindings);
    const { retryMessages } = await getQueueResult(batch, createExecutionContext());
    // Some of what should be tried again ends in the dead-letter queue.
    held.push(
      ...retryMessages.filter(() => !chance.hits(faultShare)).map(({ msgId }) => bodies[Number(msgId)]),
    );
  }
}

/** The alarms of a quieter day: everything that is still guarded is sent again. */
async function settle(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await evictDurableObject(messageStub(id)).catch(() => undefined);
    if ((await alarmOf(messageStub(id))) !== null) await runDurableObjectAlarm(messageStub(id));
  }
  await vi.waitFor(
    async () => {
      const alarms = await Promise.all(ids.map((id) => alarmOf(messageStub(id))));
      if (alarms.some((alarm) => alarm !== null)) throw new Error("an alarm still stands");
    },
    { timeout: 120_000, interval: 100 },
  );
}

async function feedIds(): Promise<string[]> {
  const ids: string[] = [];
  let after = "earliest";
  for (;;) {
    const page = await (
      await ask("GET", `/v1/events?after=${after}&limit=200`)
    ).json<{
      data: { id: string }[];
      cursor: string;
      upToDate: boolean;
    }>();
    ids.push(...page.data.map((event) => event.id));
    if (page.upToDate) return ids;
    after = page.cursor;
  }
}

describe(`${messagesTotal} messages, seed ${seed}`, () => {
  const chance = chanceOf(seed);
  const plan = planOf(chance);
  const ids = [...plan.updates.keys()];

  beforeAll(async () => {
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(console, "log").mockReturnValue();
    const held: unknown[] = [];
    const [queue, bindings] = [unreliableQueue(chance, held), unreliableBindings(chance)];
    for (let index = 0; index < plan.arrivals.length; index += parallel) {
      await Promise.all(
        plan.arrivals.slice(index, index + parallel).map((update) => arrive(chance, update, queue)),
      );
      if (chance.hits(0.3)) await drain(held, bindings, chance);
      if (chance.hits(0.05)) {
        await evictDurableObject(feed()).catch(() => undefined);
      }
    }
    await drain(held, bindings, chance);
    await settle(ids);
  }, 1_800_000);

  test("nothing is lost: every event is in its object, in the tables and in the feed", async () => {
    const expected = (await identified([...plan.updates.values()].flat()))
      .map((update) => update.eventId)
      .toSorted();
    const inObjects = await Promise.all(ids.map(async (id) => (await messageStub(id).read())?.history ?? []));
    expect(
      inObjects
        .flat()
        .map((event) => event.id)
        .toSorted(),
    ).toEqual(expected);
    const { results } = await env.DB.prepare("SELECT id FROM events ORDER BY id").all<{ id: string }>();
    expect(results.map((row) => row.id)).toEqual(expected);
    expect([...new Set(await feedIds())].toSorted()).toEqual(expected);
  });

  test("no status regressed: each message shows what its set of updates makes, in its object and in lists", async () => {
    const { results } = await env.DB.prepare("SELECT message_id, status, version FROM messages").all<{
      message_id: string;
      status: string;
      version: number;
    }>();
    const listed = new Map(results.map((row) => [row.message_id, row]));
    for (const [messageId, updates] of plan.updates) {
      const request = { source, provider: "nifteem", messageId, updates: await identified(updates) };
      const expected = viewMessage(addUpdates(emptyLedger, request, "2026-11-22T00:00:00.000Z").ledger);
      const { status, version } = expected ?? {};
      expect(await messageStub(messageId).read()).toMatchObject({ status, version });
      expect(listed.get(messageId)).toMatchObject({ status, version });
    }
  });

  test("nothing is twice in the feed", async () => {
    const seen = await feedIds();
    expect(seen.length).toBe(new Set(seen).size);
  });
});
