import { expect, test } from "vitest";
import type { Entry } from "../../../src/message/ledger.ts";
import { makeTeller } from "../../../src/message/telling.ts";
import type { Sockets } from "../../../src/stream/object.ts";
import { anEvent } from "../../support/events.ts";

function anEntry(version: number): Entry {
  return { event: anEvent({ version }), duplicates: 0, overflow: 0 };
}

/** A message with one socket, whose key is asked for until the test answers. */
function aWatchedMessage() {
  const told: number[] = [];
  const gone = new Set<Entry>();
  const questions: PromiseWithResolvers<ReadonlySet<string>>[] = [];
  const sockets: Pick<Sockets, "credentials" | "closeAll" | "deliver"> = {
    credentials: () => ["key_a"],
    closeAll: () => {},
    deliver: (entries) => void told.push(...entries.map(({ place }) => place)),
  };
  const teller = makeTeller({
    sockets,
    isKept: (entry) => !gone.has(entry),
    findFollowers: () => {
      const question = Promise.withResolvers<ReadonlySet<string>>();
      questions.push(question);
      return question.promise;
    },
    waitUntil: () => {},
  });
  async function answer(index: number): Promise<void> {
    await expect.poll(() => questions.length).toBe(index + 1);
    questions[index]?.resolve(new Set(["key_a"]));
  }
  return { teller, told, gone, questions, answer };
}

test("later events wait behind those whose keys are being asked for", async () => {
  const { teller, told, answer } = aWatchedMessage();
  teller.tell([anEntry(1), anEntry(2)]);
  teller.tell([anEntry(3)]);
  const settled = teller.settled();
  await answer(0);
  await answer(1);
  await settled;
  expect(told).toEqual([1, 2, 3]);
});

test("what has gone while keys were asked for is not told", async () => {
  const { teller, told, gone, answer } = aWatchedMessage();
  const [kept, erased] = [anEntry(1), anEntry(2)];
  teller.tell([kept, erased]);
  gone.add(erased);
  await answer(0);
  await teller.settled();
  expect(told).toEqual([1]);
});

test("keys that can't be asked for hold up nobody who comes later", async () => {
  const { teller, told, questions, answer } = aWatchedMessage();
  teller.tell([anEntry(1)]);
  await expect.poll(() => questions.length).toBe(1);
  questions[0]?.reject(new Error("D1 is unreachable"));
  teller.tell([anEntry(2)]);
  await answer(1);
  await teller.settled();
  expect(told).toEqual([1, 2]);
});
