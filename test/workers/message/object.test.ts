import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import type { MessageObject } from "../../../src/index.ts";
import { alarmOf, freshMessageId, messageStub, recordUpdates, withQueue } from "../../support/messages.ts";
import { anUpdate, at, identified, source } from "../../support/updates.ts";

const delivered = anUpdate({ status: "delivered" });
const read = anUpdate({ status: "read", ...at("2026-11-21T10:01:00Z") });

const lost: Queue["sendBatch"] = async () => ({
  metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } },
});
const refused: Queue["sendBatch"] = async () => {
  throw new Error("queue is down");
};

async function rowsInD1(messageId: string): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS rows FROM events WHERE message_id = ?1")
    .bind(messageId)
    .first<{ rows: number }>();
  return row?.rows ?? 0;
}

describe("what is answered is durable, and its fan-out certain", () => {
  test("an event reaches the tables, and the alarm is taken down", async () => {
    const id = freshMessageId();
    expect(await recordUpdates(id, [delivered])).toEqual({ recorded: 1, repeated: 0, overflowed: 0 });
    await expect.poll(() => rowsInD1(id)).toBe(1);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  });

  test.each([
    ["refuses", refused],
    ["loses what it took", lost],
  ])("a queue that %s: the alarm sends again", async (_, answer) => {
    const id = freshMessageId();
    const sendBatch = vi.fn<Queue["sendBatch"]>(answer);
    await withQueue(messageStub(id), sendBatch);
    await recordUpdates(id, [delivered, read]);
    await expect.poll(() => sendBatch.mock.calls.length).toBe(1);
    expect(await alarmOf(messageStub(id))).not.toBeNull();
    expect(await rowsInD1(id)).toBe(0);
    await evictDurableObject(messageStub(id));
    expect(await runDurableObjectAlarm(messageStub(id))).toBe(true);
    await expect.poll(() => rowsInD1(id)).toBe(2);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  });

  test("a queue that stays down: the alarm stands again each time, ever later", async () => {
    const id = freshMessageId();
    await messageStub(id).read();
    await withQueue(messageStub(id), refused);
    await recordUpdates(id, [delivered]);
    const first = await alarmOf(messageStub(id));
    await runDurableObjectAlarm(messageStub(id));
    const second = await alarmOf(messageStub(id));
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(15_000);
  });

  test("an alarm that fires twice writes nothing twice", async () => {
    const id = freshMessageId();
    await messageStub(id).read();
    await withQueue(messageStub(id), lost);
    await recordUpdates(id, [delivered]);
    await evictDurableObject(messageStub(id));
    await runDurableObjectAlarm(messageStub(id));
    await runInDurableObject(messageStub(id), (instance: MessageObject) => instance.alarm());
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    expect(await rowsInD1(id)).toBe(1);
  });

  test("a message evicted after its confirmation sends only what is new", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [delivered]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await evictDurableObject(messageStub(id));
    const sendBatch = vi.fn<Queue["sendBatch"]>(lost);
    await messageStub(id).read();
    await withQueue(messageStub(id), sendBatch);
    await recordUpdates(id, [read]);
    await expect.poll(() => sendBatch.mock.calls.length).toBe(1);
    await runDurableObjectAlarm(messageStub(id));
    const versions = sendBatch.mock.calls
      .flatMap(([messages]) => [...messages])
      .map((message) => message.body);
    // The new one at once; all once more if its alarm has to fire, since only the missing alarm had told of the first.
    expect(versions).toMatchObject([
      { event: { version: 2 } },
      { event: { version: 1 } },
      { event: { version: 2 } },
    ]);
  });

  test("a confirmation that comes late, for another life or out of order is understood", async () => {
    const id = freshMessageId();
    await messageStub(id).read();
    await withQueue(messageStub(id), lost);
    await recordUpdates(id, [delivered, read]);
    const born = (await messageStub(id).read())?.firstReceivedAt ?? "";
    await messageStub(id).confirm("2020-01-01T00:00:00.000Z", [1, 2]);
    await messageStub(id).confirm(born, [2]);
    expect(await alarmOf(messageStub(id))).not.toBeNull();
    await messageStub(id).confirm(born, [1]);
    expect(await alarmOf(messageStub(id))).toBeNull();
  });
});

describe("rows and races", () => {
  test("the answer leaves before the events do, and nothing can end the message in between", async () => {
    const id = freshMessageId();
    const sendBatch = vi.fn<Queue["sendBatch"]>(lost);
    await withQueue(messageStub(id), sendBatch);
    const updates = await identified([{ ...delivered, messageId: id }]);
    await runInDurableObject(messageStub(id), async (instance: MessageObject, state) => {
      await instance.record({ source, provider: "nifteem", messageId: id, updates });
      expect(sendBatch).not.toHaveBeenCalled();
      expect(await state.storage.getAlarm()).not.toBeNull();
      expect(await instance.erase(1)).toBe(false);
      expect(await instance.expire("9999-01-01T00:00:00.000Z")).toBe(false);
    });
    await expect.poll(() => sendBatch.mock.calls.length).toBe(1);
  });

  test("an alarm that fires after a missing one was taken for a confirmation sends all the same", async () => {
    const id = freshMessageId();
    await messageStub(id).read();
    await withQueue(messageStub(id), lost);
    await recordUpdates(id, [delivered]);
    await evictDurableObject(messageStub(id));
    // As while an alarm is about to run: the platform no longer tells of it.
    await runInDurableObject(messageStub(id), (_, state) => state.storage.deleteAlarm());
    await messageStub(id).read();
    await runInDurableObject(messageStub(id), (instance: MessageObject) => instance.alarm());
    await expect.poll(() => rowsInD1(id)).toBe(1);
  });

  test.each<[string, (message: DurableObjectStub<MessageObject>) => Promise<boolean>]>([
    ["expired", (message) => message.expire("9999-01-01T00:00:00.000Z")],
    ["was erased", (message) => message.erase(2)],
  ])("a message that %s, and comes back, is fanned out like any other", async (_, end) => {
    const id = freshMessageId();
    await recordUpdates(id, [delivered]);
    await evictDurableObject(messageStub(id));
    await runDurableObjectAlarm(messageStub(id));
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    // Stored with the mark that the alarm has proven.
    await recordUpdates(id, [read]);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
    await evictDurableObject(messageStub(id));
    expect(await end(messageStub(id))).toBe(true);
    await withQueue(messageStub(id), lost);
    await recordUpdates(id, [delivered]);
    await evictDurableObject(messageStub(id));
    expect(await runDurableObjectAlarm(messageStub(id))).toBe(true);
    await expect.poll(() => rowsInD1(id)).toBe(3);
    await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  });

  test("what is counted beyond the last event that fits outlives an eviction", async () => {
    const id = freshMessageId();
    const updates = Array.from({ length: 503 }, (_, order) =>
      anUpdate({ status: "clicked", providerOrder: order }),
    );
    expect(await recordUpdates(id, updates)).toEqual({ recorded: 500, repeated: 0, overflowed: 3 });
    await evictDurableObject(messageStub(id));
    expect(await messageStub(id).read()).toMatchObject({ version: 500, overflow: 3 });
  });

  test("a new event costs one row and at most one alarm; a repeat costs nothing", async () => {
    const id = freshMessageId();
    const counts = await runInDurableObject(messageStub(id), (_, state) => ({
      put: vi.spyOn(state.storage.kv, "put"),
      setAlarm: vi.spyOn(state.storage, "setAlarm"),
    }));
    await withQueue(messageStub(id), lost);
    await recordUpdates(id, [delivered]);
    await recordUpdates(id, [read]);
    expect(counts.put).toHaveBeenCalledTimes(2);
    expect(counts.setAlarm).toHaveBeenCalledTimes(1);
    await recordUpdates(id, [delivered, read, read]);
    expect(counts.put).toHaveBeenCalledTimes(2);
    expect(counts.setAlarm).toHaveBeenCalledTimes(1);
    expect(await messageStub(id).read()).toMatchObject({ version: 2, duplicates: 3 });
  });

  test("the same webhook 50 times at once is one event and 49 repeats", async () => {
    const id = freshMessageId();
    await Promise.all(Array.from({ length: 50 }, () => recordUpdates(id, [delivered])));
    expect(await messageStub(id).read()).toMatchObject({ version: 1, duplicates: 49 });
  });

  test("updates of one message that arrive at once get versions without a hole", async () => {
    const id = freshMessageId();
    const updates = Array.from({ length: 20 }, (_, order) =>
      anUpdate({ status: "sent", providerOrder: order }),
    );
    await Promise.all(updates.map((update) => recordUpdates(id, [update])));
    const versions = (await messageStub(id).read())?.history
      .map((event) => event.version)
      .toSorted((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  test("repeats counted before an eviction are kept with the next event", async () => {
    const id = freshMessageId();
    await recordUpdates(id, [delivered]);
    await recordUpdates(id, [delivered]);
    await recordUpdates(id, [read]);
    await evictDurableObject(messageStub(id));
    expect(await messageStub(id).read()).toMatchObject({ version: 2, duplicates: 1, status: "read" });
  });

  test("an object that was only read stays empty", async () => {
    const stub = messageStub(freshMessageId());
    expect(await stub.read()).toBeNull();
    const tables = await runInDurableObject(stub, (_, state) =>
      state.storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
    );
    expect(tables).toEqual([]);
  });
});
