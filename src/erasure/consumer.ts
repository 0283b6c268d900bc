/**
 * Erases what was recorded before its recipient was erased, and reached the tables after: lists did not show it then.
 *
 * A request is looked after for a day, and any number of times: what is gone is found no more, what still moves is found again.
 */
import { deleteRequestsBefore, messagesStillRequested } from "../history/erasure/store.ts";
import * as limits from "../model/limits.ts";
import { eraseMessages } from "./store.ts";

export async function eraseLatecomers(env: Env, nowMs: number): Promise<void> {
  await deleteRequestsBefore(env.DB, new Date(nowMs - limits.erasureWatchedMs).toISOString());
  const late = await messagesStillRequested(env.DB, limits.erasedMessagesPerRequest);
  for (const [keyId, names] of Map.groupBy(late, (name) => name.keyId)) {
    await eraseMessages(env, names, keyId);
  }
}
