/** Many messages at once, some of which are in the way. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { eraseMessages } from "../../../src/erasure/store.ts";
import { feedObjectName, messageObjectName } from "../../../src/model/record.ts";
import { ask } from "../../support/api.ts";
import { alarmOf, freshMessageId, messageStub, recordUpdates, withBindings } from "../../support/messages.ts";
import { anUpdate, source } from "../../support/updates.ts";

async function fannedOut(ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => recordUpdates(id, [anUpdate()])));
  for (const id of ids) await expect.poll(() => alarmOf(messageStub(id))).toBeNull();
}

function namesOf(ids: readonly string[]) {
  return ids.map((messageId) => ({ source, messageId }));
}

test("the feed is called once for twenty messages, and all of them go", async () => {
  const ids = Array.from({ length: 45 }, freshMessageId);
  await fannedOut(ids);
  let calls = 0;
  const FEED = {
    getByName: () => ({
      erase: async (events: readonly { id: string; receivedAt: string }[]) => {
        calls += 1;
        await env.FEED.getByName(feedObjectName).erase([...events]);
      },
    }),
  };
  const unknown = freshMessageId();
  const outcomes = await eraseMessages(withBindings({ FEED }), namesOf([...ids, unknown]), "root");
  expect(outcomes).toEqual([...ids.map(() => "erased"), "unknown"]);
  expect(calls).toBe(3);
  for (const id of ids) expect(await messageStub(id).read()).toBeNull();
  const left = await env.DB.prepare(
    "SELECT message_id FROM messages UNION SELECT message_id FROM events",
  ).all();
  expect(JSON.stringify(left.results)).not.toContain(ids[0]);
  expect(await (await ask("GET", "/v1/events?after=earliest")).text()).not.toContain(ids[0]);
});

test("one that cannot be reached keeps no other", async () => {
  const [broken, good] = [freshMessageId(), freshMessageId()];
  await fannedOut([broken, good]);
  const getByName = (name: string) =>
    name === messageObjectName(source, broken)
      ? { read: () => Promise.reject(new Error("no answer")) }
      : env.MESSAGE.getByName(name);
  const outcomes = await eraseMessages(
    withBindings({ MESSAGE: { getByName } }),
    namesOf([broken, good]),
    "root",
  );
  expect(outcomes).toEqual(["moving", "erased"]);
  expect(await eraseMessages(env, namesOf([broken, good]), "root")).toEqual(["erased", "unknown"]);
});

test("a message goes by an alias of it, and the alias's own message with it", async () => {
  const [id, alias] = [freshMessageId(), freshMessageId()];
  await fannedOut([id, alias]);
  await messageStub(alias).bind({ source, messageId: id });
  expect(await eraseMessages(env, namesOf([alias, id]), "root")).toEqual(["erased", "erased"]);
  for (const name of [id, alias]) expect(await messageStub(name).read(true)).toBeNull();
});

test("an alias's own message goes even where the alias still forwards to a message that has gone", async () => {
  const alias = freshMessageId();
  await fannedOut([alias]);
  await messageStub(alias).bind({ source, messageId: freshMessageId() });
  expect((await ask("DELETE", `/v1/messages/${source}/${alias}`)).status).toBe(204);
  expect(await messageStub(alias).read(true)).toBeNull();
});
