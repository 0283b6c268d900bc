/**
 * Switching a subscription off because its endpoint is gone or has failed for days, and saying so. Each step may run
 * twice; an object does them again until all are through.
 */
import * as z from "zod/mini";
import { report } from "../../log/report.ts";
import { type OperationalEvent, operationalEventId } from "../../model/operational.ts";
import { disableSubscription, loadSubscription } from "../settings/store.ts";
import { callAllObjects, pushSettings, shareOperationalEvents } from "../store.ts";
import type { Subscription } from "../subscription.ts";

const retirementSchema = z.strictObject({
  reason: z.string(),
  /** Of the endpoint that is given up: one that took its place since is left alone. */
  url: z.string(),
  atMs: z.number(),
  /** A success of any object since then means that the endpoint lives; null where the endpoint itself said it is gone. */
  unlessSuccessSinceMs: z.nullable(z.number()),
});
export type Retirement = z.infer<typeof retirementSchema>;

const key = "retirement";

export function planRetirement(kv: SyncKvStorage, retirement: Retirement): void {
  kv.put(key, retirement);
}

export function plannedRetirement(kv: SyncKvStorage): Retirement | null {
  const planned = kv.get(key);
  return planned === undefined ? null : retirementSchema.parse(planned);
}

export function forgetRetirement(kv: SyncKvStorage): void {
  kv.delete(key);
}

export async function retire(env: Env, subscription: Subscription, plan: Retirement): Promise<void> {
  const { id } = subscription;
  const sinceMs = plan.unlessSuccessSinceMs;
  if (sinceMs !== null) {
    const successes = await callAllObjects(env, subscription, (object) => object.lastSuccessMs());
    if (successes.some((atMs) => atMs !== null && atMs > sinceMs)) return;
  }
  await disableSubscription(env, id, plan);
  const current = await loadSubscription(env, id);
  if (current === null || current.status !== "disabled") return;
  await pushSettings(env, current);
  const told: OperationalEvent = {
    id: await operationalEventId("subscription.disabled", `${id}/${current.version}`),
    type: "subscription.disabled",
    occurredAt: current.updatedAt,
    source: null,
    subscription: id,
    detail: plan.reason,
  };
  await shareOperationalEvents(env, [told]);
  report("subscription.disabled", { subscription: id, reason: plan.reason });
}
