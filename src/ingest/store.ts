/** Makes updates durable in their messages' objects, and knows no other outcome but done and thrown. */
import { tryAgain } from "../model/again.ts";
import * as limits from "../model/limits.ts";
import { inParallel } from "../model/parallel.ts";
import { messageObjectName, type RecordOutcome, type RecordRequest } from "../model/record.ts";

/**
 * Throws if a single update is not durable by the deadline. The rest stays recorded, and the provider's retry,
 * whose repeats are free, completes it.
 */
export async function recordAll(env: Env, requests: readonly RecordRequest[]): Promise<RecordOutcome> {
  const deadline = Promise.withResolvers<never>();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    deadline.reject(new Error("not all messages answered in time"));
  }, limits.ingestDeadlineMs);
  try {
    const outcomes = inParallel(requests, limits.parallelCallsMax, async (request) => {
      if (isOver) throw new Error("too late to begin");
      const name = messageObjectName(request.source, request.messageId);
      return tryAgain(() => env.MESSAGE.getByName(name).record(request));
    });
    return sumOf(await Promise.race([outcomes, deadline.promise]));
  } finally {
    clearTimeout(timer);
  }
}

function sumOf(outcomes: readonly PromiseSettledResult<RecordOutcome>[]): RecordOutcome {
  const sum = { recorded: 0, repeated: 0, overflowed: 0 };
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
    sum.recorded += outcome.value.recorded;
    sum.repeated += outcome.value.repeated;
    sum.overflowed += outcome.value.overflowed;
  }
  return sum;
}
