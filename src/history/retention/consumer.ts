/**
 * Lets messages go that are older than `RETENTION_DAYS`: first the object, which looks again whether something newer
 * came or something is not fanned out yet; only then its rows. What is cut off in the middle is finished by the next run.
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
  const messages = await expireMessages(env, cutoff);
  const events = await expireEvents(env, cutoff);
  await deleteRollupsBefore(env.DB, cutoff);
  await deleteErasuresBefore(env.DB, cutoff);
  report("retention.ran", { cutoff, messages, events });
}

async function expireMessages(env: Env, cutoff: string): Promise<number> {
  let expired = 0;
  for (let chunk = 0; chunk < limits.retentionChunksMax; chunk += 1) {
    const old = await listExpiring(env.DB, cutoff, limits.retentionMessagesPerChunk);
    const gone = await expireObjects(env, old, cutoff);
    if (gone.length > 0) await deleteMessages(env.DB, gone);
    expired += gone.length;
    // A chunk of which nothing may go would come again and again.
    if (old.length < limits.retentionMessagesPerChunk || gone.length === 0) break;
  }
  return expired;
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
