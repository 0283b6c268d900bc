/** What there is to send, and what came of it. Nothing in it throws for what an endpoint may do. */
import { type AttemptResult, deliver, type Network, notAnswered } from "./deliver.ts";
import type { PendingDelivery } from "../deliveries/delivery.ts";
import { buildRequest, type OpenedSecrets } from "./outgoing.ts";
import { type Rendered, renderPayload } from "../rendering.ts";
import type { Subscription } from "../subscription.ts";
import { judgeTarget, type LookUp, type TargetPolicy } from "./target.ts";

export interface Surroundings {
  readonly network: Network;
  readonly lookUp: LookUp;
  readonly policy: TargetPolicy;
}

/**
 * A state: it is over without an attempt, since it is too late, or the subscription is switched off, may not hear it any
 * more, or has no words for it.
 */
export function renderDue(
  { deadlineMs, payload }: Pick<PendingDelivery, "deadlineMs" | "payload">,
  subscription: Subscription,
  nowMs: number,
): Rendered | "exhausted" | "canceled" {
  if (subscription.status !== "active") return "canceled";
  if (nowMs > deadlineMs) return "exhausted";
  return renderPayload(subscription, payload) ?? "canceled";
}

/** `rendering`: null where it failed by a fault of ours, which another release may have mended by the next attempt. */
export async function attempt(
  delivery: PendingDelivery,
  rendering: Rendered | null,
  subscription: Subscription,
  secrets: OpenedSecrets | null,
  { network, lookUp, policy }: Surroundings,
): Promise<AttemptResult> {
  const nowMs = network.nowMs();
  const unsent = (outcome: "failed" | "blocked", error: string) =>
    notAnswered(outcome, error, nowMs, network.nowMs() - nowMs);
  if (rendering === null) return unsent("failed", "the request could not be made, by a fault of ours");
  if (secrets === null) return unsent("failed", "the secrets cannot be opened");
  const request = await buildRequest(subscription, secrets, delivery, rendering, nowMs);
  const verdict = await judgeTarget(request.url, policy, lookUp);
  switch (verdict.kind) {
    case "callable":
      return deliver(request, network);
    case "refused":
      return unsent("blocked", `not called: the URL ${verdict.reason}`);
    case "unresolved":
      return unsent("failed", `not called: ${verdict.reason}`);
  }
}
