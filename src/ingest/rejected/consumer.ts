/** Lets rejected webhooks go that have not come for as long as messages are kept: nobody is going to repair them. */
import { report } from "../../log/report.ts";
import { retentionCutoff } from "../../model/retention.ts";
import { deleteRejectedBefore } from "./store.ts";

export async function expireRejected(env: Env, nowMs: number): Promise<void> {
  const cutoff = retentionCutoff(env.RETENTION_DAYS, nowMs);
  const rejected = await deleteRejectedBefore(env, cutoff);
  report("rejected.expired", { cutoff, rejected });
}
