import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { MessageObject } from "../../../src/index.ts";
import type { RecordOutcome } from "../../../src/model/record.ts";
import { ask } from "../../support/api.ts";
import { alarmOf, freshMessageId, messageStub, withBindings } from "../../support/messages.ts";
import { anUpdate, at, identified, source } from "../../support/updates.ts";
import type { Update } from "../../../src/model/update.ts";

/** As the edge records for a provider that binds its aliases. */
async function record(messageId: string, update: Partial<Update>): Promise<RecordOutcome> {
  const updates = await identified([anUpdate({ messageId, ...update })]);
  return messageStub(messageId).record({
    source,
    provider: "gupshup",
    messageId,
    updates,
    boundAliases: updates.flatMap(({ aliases }) => aliases),
  });
}

test("an update under an alias that the provider has bound belongs to the message", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(id, { status: "queued", aliases: [alias] });
  await evictDurableObject(messageStub(alias));
  const late = { status: "read", ...at("2026-11-21T11:00:00Z") } as const;
  expect(await record(alias, late)).toMatchObject({ recorded: 1 });
  expect(await record(alias, late)).toMatchObject({ repeated: 1 });
  expect(await messageStub(id).read()).toMatchObject({
    messageId: id,
    status: "read",
    version: 2,
    duplicates: 1,
  });
  const byAlias = await ask("GET", `/v1/messages/${source}/${alias}`);
  expect(await byAlias.json()).toMatchObject({ messageId: id, status: "read" });
});

test("each alias is bound once, and costs a row here and one there", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(id, { status: "queued", aliases: [alias] });
  await record(id, { status: "sent", aliases: [alias] });
  const keys = await runInDurableObject(messageStub(id), (_, state) =>
    [...state.storage.kv.list()].map(([key]) => key),
  );
  expect(keys).toEqual(["boundAliases", "event:000001", "event:000002"]);
});

test("two messages that claim each other as alias lose no update and do not turn for ever", async () => {
  const [one, other] = [freshMessageId(), freshMessageId()];
  await Promise.all([record(one, { aliases: [other] }), record(other, { aliases: [one] })]);
  await record(one, { status: "read" });
  await record(other, { status: "played" });
  const events = [await messageStub(one).read(true), await messageStub(other).read(true)].flatMap(
    (message) => message?.history.map((event) => event.status) ?? [],
  );
  expect(events.toSorted()).toEqual(["delivered", "delivered", "played", "read"]);
  expect((await ask("GET", `/v1/messages/${source}/${one}`)).status).toBe(200);
});

test("a message that goes lets its aliases go", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(id, { status: "queued", aliases: [alias] });
  await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  expect(await messageStub(id).erase(1)).toBe(true);
  expect(await env.MESSAGE.getByName(`${source}/${alias}`).read()).toBeNull();
  await record(alias, { status: "read" });
  expect(await messageStub(alias).read()).toMatchObject({ messageId: alias, version: 1 });
});

test("an alias that can't be reached at first is let go all the same", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(id, { status: "queued", aliases: [alias] });
  await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  let isMoved = false;
  async function release(name: string, messageId: string): Promise<void> {
    if (isMoved) return env.MESSAGE.getByName(name).release(messageId);
    isMoved = true;
    throw Object.assign(new Error("moved"), { retryable: true });
  }
  const MESSAGE = {
    getByName: (name: string) => ({ release: (messageId: string) => release(name, messageId) }),
  };
  await runInDurableObject(messageStub(id), async (instance: MessageObject) => {
    Object.defineProperty(instance, "env", { value: withBindings({ MESSAGE }) });
    expect(await instance.erase(1)).toBe(true);
  });
  expect(await messageStub(alias).read()).toBeNull();
  await record(alias, { status: "read" });
  expect(await messageStub(alias).read()).toMatchObject({ messageId: alias });
});

test("a message that comes back binds its aliases only after its former life has let them go", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(id, { status: "queued", aliases: [alias] });
  await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
  const steps: string[] = [];
  const reached = Promise.withResolvers<void>();
  const aliasObject = {
    release: async () => {
      await reached.promise;
      steps.push("released");
    },
    bind: async () => void steps.push("bound"),
  };
  const updates = await identified([anUpdate({ messageId: id, aliases: [alias] })]);
  await runInDurableObject(messageStub(id), async (instance: MessageObject) => {
    const MESSAGE = { getByName: () => aliasObject };
    Object.defineProperty(instance, "env", { value: withBindings({ MESSAGE }) });
    const erasing = instance.erase(1);
    const request = { source, provider: "gupshup", messageId: id, updates, boundAliases: [alias] };
    const recording = instance.record(request);
    for (let turn = 0; turn < 5; turn += 1) await scheduler.wait(0);
    reached.resolve();
    expect(await erasing).toBe(true);
    expect(await recording).toMatchObject({ recorded: 1 });
  });
  expect(steps).toEqual(["released", "bound"]);
});

test("an alias whose own message from before has expired still forwards", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(alias, { status: "sent" });
  await record(id, { status: "queued", aliases: [alias] });
  await expect.poll(() => alarmOf(messageStub(alias))).toBeNull();
  expect(await messageStub(alias).expire("9999-01-01T00:00:00.000Z")).toBe(true);
  await evictDurableObject(messageStub(alias));
  expect(await messageStub(alias).read(true)).toBeNull();
  await record(alias, { status: "read" });
  expect(await messageStub(id).read()).toMatchObject({ status: "read", version: 2 });
});

test("erased under its alias, a message is gone with what the alias held before it was bound", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await record(alias, { status: "sent" });
  await record(id, { status: "queued", aliases: [alias] });
  for (const name of [id, alias]) await expect.poll(() => alarmOf(messageStub(name))).toBeNull();
  expect((await ask("DELETE", `/v1/messages/${source}/${alias}`)).status).toBe(204);
  for (const name of [id, alias]) {
    expect(await messageStub(name).read()).toBeNull();
    const listed = await ask("GET", `/v1/messages?messageId=${name}`);
    expect(await listed.json()).toMatchObject({ data: [] });
  }
});
