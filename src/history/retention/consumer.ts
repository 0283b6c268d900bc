/**
 * Lets messages go that are older than `RETENTION_DAYS`: first the object, which looks again whether something newer
 * came or something is not fanned out yet; only then its rows. What is cut off in the middle is finished by the next run.
 *
 * A run is a bounded share, and comes every minute. Two that overlap ask the same objects, which is all that it costs.
 */
import { report } from "../../log/report.ts";
import * as limits from "../../model/limits.ts";
import { inParallel, isFulfilledTrue } from "../../model/parallel.ts";
import { messageObjectName } from "../../model/record.ts";
import { retentionCutoff } from "../../model/retention.ts";
import { deleteErasuresBefore } from "../erasure/store.ts";
import { deleteRollupsBefore } from "../overview/store.ts";
import { deleteEventsBefore, deleteMessages, type ExpiringMessage, listExpiring } from "./store.ts";

export async function expireOld(env: Env, nowMs: number): Promise<void> {
  const cutoff = retentionCutoff(env.RETENTION_DAYS, nowMs);
  const endMs = Date.now() + limits.retentionRunMsMax;
  // First what is quick: messages may take all of the time.
  const events = await expireEvents(env, cutoff);
  const { messages, kept } = await expireMessages(env, cutoff, endMs);
  if (events + messages + kept > 0) report("retention.ran", { cutoff, messages, kept, events });
}

/** Hourly: there is little of it, and the traces are found by no index. */
export async function expireTraces(env: Env, nowMs: number): Promise<void> {
  const cutoff = retentionCutoff(env.RETENTION_DAYS, nowMs);
  await deleteRollupsBefore(env.DB, cutoff);
  await deleteErasuresBefore(env.DB, cutoff);
}

/** How many rows went, and how many messages may not go yet. */
async function expireMessages(
  env: Env,
  cutoff: string,
  endMs: number,
): Promise<{ messages: number; kept: number }> {
  let messages = 0;
  // What may not go yet is in no later chunk's way.
  let kept = 0;
  for (let chunk = 0; chunk < limits.retentionChunksMax && Date.now() < endMs; chunk += 1) {
    const old = await listExpiring(env.DB, cutoff, kept, limits.retentionMessagesPerChunk);
    const gone = await expireObjects(env, old, cutoff);
    if (gone.length > 0) messages += await deleteMessages(env.DB, gone);
    kept += old.length - gone.length;
    if (old.length < limits.retentionMessagesPerChunk) break;
  }
  return { messages, kept };
}

async function expireObjects(
  env: Env,
  old: readonly ExpiringMessage[],
  cutoff: string,
): Promise<ExpiringMessage[]> {
  const answers = await inParallel(old, limits.parallelCallsMax, ({ source, messageId }) =>
    env.MESSAGE.getByName(messageObjectName(source, messageId)).expire(cutoff),
  );
  return old.filter((_, index) => isFulfilledTrue(answers[index]));
}

async function expireEvents(env: Env, cutoff: string): Promise<number> {
  let expired = 0;
  for (let chunk = 0; chunk < limits.retentionChunksMax; chunk += 1) {
    const deleted = await deleteEventsBefore(env.DB, cutoff, limits.retentionEventsPerChunk);
    expired += deleted;
    if (deleted < limits.retentionEventsPerChunk) break;
  }
  return expired;
}
