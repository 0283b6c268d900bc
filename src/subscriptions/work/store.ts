/** What an object does besides delivering: one step of it at a time, each of which may run twice. */
import { forgetFailures } from "../outcome/store.ts";
import { nextJob, runPage, saveJob } from "../replays/store.ts";
import { forgetRetirement, plannedRetirement, retire } from "../retirement/store.ts";
import type { Subscription } from "../subscription.ts";

export function hasWork(kv: SyncKvStorage): boolean {
  return plannedRetirement(kv) !== null || nextJob(kv) !== null;
}

/** False: nothing could be done now. The caller must hold no lock, since this calls objects, its own included. */
export async function workOn(
  env: Env,
  kv: SyncKvStorage,
  subscription: Subscription,
  isWiped: () => boolean,
): Promise<boolean> {
  const plan = plannedRetirement(kv);
  if (plan !== null) {
    await retire(env, subscription, plan);
    if (isWiped()) return true;
    forgetRetirement(kv);
    // If the endpoint lives after all, the next failure begins a new run instead of asking again.
    forgetFailures(kv);
    return true;
  }
  const job = nextJob(kv);
  if (job === null) return true;
  if (subscription.status !== "active") {
    saveJob(kv, { ...job, state: "canceled", finishedAt: new Date().toISOString() });
    return true;
  }
  const next = await runPage(env, subscription, job);
  if (!isWiped()) saveJob(kv, next);
  return next !== job;
}
