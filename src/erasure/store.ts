/**
 * Erases messages out of every place that keeps them.
 *
 * Tables, feed and deliveries go first and the message's object last: while it stands, it knows what there is to erase,
 * so a request that is cut off anywhere can simply be sent again. The trace in the tables goes before all: whoever hands
 * on an event at the same moment looks for it afterwards, and takes back what we may have missed.
 */
import { takeBack } from "../fanout/store.ts";
import * as tables from "../history/erasure/store.ts";
import { report } from "../log/report.ts";
import * as limits from "../model/limits.ts";
import type { Message } from "../model/message.ts";
import { inParallel, isFulfilledTrue } from "../model/parallel.ts";
import { messageObjectName } from "../model/record.ts";

/** `moving`: not fanned out yet, or not to be reached; something of it might turn up again. */
export type Erasure = "erased" | "unknown" | "moving";

/** How long a message may take to be fanned out before the caller is asked to come again. */
const settleTries = 25;
const settleWaitMs = 200;
/** Feed and subscriptions are called once for so many; all their events fit into one parameter of 2 MB. */
const togetherMax = 20;
/** A message with all that it may hold is 16 MB. */
const readsAtOnceMax = 4;

/** What came of each. With one try, what moves in this moment is left for the caller's next. */
export async function eraseMessages(
  env: Env,
  names: readonly tables.MessageName[],
  keyId: string,
  tries = settleTries,
): Promise<Erasure[]> {
  const outcomes: Erasure[] = [];
  for (let start = 0; start < names.length; start += togetherMax) {
    outcomes.push(...(await eraseWithTargets(env, names.slice(start, start + togetherMax), keyId, tries)));
  }
  return outcomes;
}

/**
 * An alias that is bound names the message it forwards to, and may hold one of its own from before the binding. The
 * target goes first: that releases the alias, whose own message goes then.
 */
async function eraseWithTargets(
  env: Env,
  names: readonly tables.MessageName[],
  keyId: string,
  tries: number,
): Promise<Erasure[]> {
  const read = await readAll(env, names, "forwarded");
  // Where the object did not answer, nobody knows whose alias it is.
  const targets = names.map((name, index) => {
    const answer = read[index];
    return answer?.status === "fulfilled" ? (answer.value ?? name) : null;
  });
  const reached = targets.filter((target) => target !== null);
  const ofTargets = await eraseTogether(env, reached, keyId, tries);
  const targetOutcomes = targets.map((target) =>
    target === null ? "moving" : (ofTargets.get(nameOf(target)) ?? "unknown"),
  );
  const released = names.filter(
    (name, index) => !ofTargets.has(nameOf(name)) && targetOutcomes[index] !== "moving",
  );
  const ofReleased = await eraseTogether(env, released, keyId, tries);
  return names.map((name, index) => {
    const own = ofReleased.get(nameOf(name)) ?? "unknown";
    return own === "unknown" ? (targetOutcomes[index] ?? own) : own;
  });
}

/** All ids under which a provider may speak of the message; none where there is no such message. */
export async function idsOf(env: Env, name: tables.MessageName): Promise<readonly string[]> {
  const message = await objectOf(env, name).read();
  if (message === null) return [];
  return [...new Set([name.messageId, message.messageId, ...message.aliases])];
}

async function eraseTogether(
  env: Env,
  names: readonly tables.MessageName[],
  keyId: string,
  tries: number,
): Promise<ReadonlyMap<string, Erasure>> {
  const outcomes = new Map<string, Erasure>(names.map((name) => [nameOf(name), "moving"]));
  let waiting = [...new Map(names.map((name) => [nameOf(name), name])).values()];
  for (let attempt = 0; attempt < tries && waiting.length > 0; attempt += 1) {
    if (attempt > 0) await scheduler.wait(settleWaitMs);
    const answers = await readAll(env, waiting, "own");
    const found = answers.flatMap((answer) =>
      answer.status === "fulfilled" && answer.value !== null ? [answer.value] : [],
    );
    for (const message of await eraseFound(env, found, keyId)) outcomes.set(nameOf(message), "erased");
    for (const [index, name] of waiting.entries()) {
      const answer = answers[index];
      if (answer?.status !== "fulfilled" || answer.value !== null) continue;
      await eraseLeftBehind(env, name);
      // What was there before was erased by somebody else meanwhile.
      outcomes.set(nameOf(name), attempt === 0 ? "unknown" : "erased");
    }
    waiting = waiting.filter((name) => outcomes.get(nameOf(name)) === "moving");
  }
  return outcomes;
}

/** Those of which nothing is left. */
async function eraseFound(
  env: Env,
  found: readonly tables.ErasedMessage[],
  keyId: string,
): Promise<tables.ErasedMessage[]> {
  if (found.length === 0) return [];
  await tables.eraseRows(env.DB, found, keyId, new Date().toISOString());
  await takeBack(
    env,
    found.flatMap((message) => message.events),
  );
  const answers = await inParallel(found, limits.parallelCallsMax, (message) =>
    objectOf(env, message).erase(message.version),
  );
  const erased = found.filter((_, index) => isFulfilledTrue(answers[index]));
  if (erased.length > 0) await tables.eraseNames(env.DB, erased);
  for (const { source } of erased) report("message.erased", { source, keyId });
  return erased;
}

/**
 * An expiry or erasure that was cut off leaves a row whose object is gone. Its life is read before the object is asked
 * once more: should a new one have begun, its row stays.
 */
async function eraseLeftBehind(env: Env, name: tables.MessageName): Promise<void> {
  const born = await tables.findBorn(env.DB, name);
  if (born === null || (await objectOf(env, name).read(true)) !== null) return;
  await tables.eraseNames(env.DB, [{ ...name, born }]);
}

/** Each object's own message, or the one that it forwards to; null where there is none. */
async function readAll(
  env: Env,
  names: readonly tables.MessageName[],
  which: "own" | "forwarded",
): Promise<PromiseSettledResult<tables.ErasedMessage | null>[]> {
  return inParallel(names, readsAtOnceMax, async (name) => {
    const message = await objectOf(env, name).read(which === "own");
    return message === null ? null : erasableOf(message);
  });
}

function erasableOf({ source, messageId, version, firstReceivedAt, history }: Message): tables.ErasedMessage {
  return {
    source,
    messageId,
    version,
    born: firstReceivedAt,
    aliases: [...new Set(history.flatMap((event) => event.aliases))],
    events: history.map(({ id, receivedAt }) => ({ id, receivedAt })),
  };
}

function objectOf(env: Env, name: tables.MessageName) {
  return env.MESSAGE.getByName(nameOf(name));
}

function nameOf({ source, messageId }: tables.MessageName): string {
  return messageObjectName(source, messageId);
}
