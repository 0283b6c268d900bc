/**
 * Erases what a request did not find: what reached the tables after it, and what was more than one request erases.
 *
 * A request is looked after for a day, as long as its key may ask, and any number of times: what is gone is found no more,
 * what still moves is found again. So a run looks at each once, which leaves the calls of its minute to retention.
 */
import { deleteRequestsBefore, messagesStillRequested } from "../history/erasure/store.ts";
import * as limits from "../model/limits.ts";
import { eraseMessages } from "./store.ts";

export async function eraseLatecomers(env: Env, nowMs: number): Promise<void> {
  await deleteRequestsBefore(env.DB, new Date(nowMs - limits.erasureWatchedMs).toISOString());
  const nowText = new Date(nowMs).toISOString();
  const late = await messagesStillRequested(env.DB, nowText, limits.erasedMessagesPerRequest);
  for (const [keyId, names] of Map.groupBy(late, (name) => name.keyId)) {
    await eraseMessages(env, names, keyId, 1);
  }
}
