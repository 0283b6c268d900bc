/** Everything that happens between a due delivery and its result. Nothing in it throws for what an endpoint may do. */
import { type AttemptResult, deliver, type Network, notAnswered } from "./deliver.ts";
import type { PendingDelivery } from "../deliveries/delivery.ts";
import { buildRequest, type OpenedSecrets } from "./outgoing.ts";
import { renderPayload } from "../rendering.ts";
import type { Subscription } from "../subscription.ts";
import { judgeTarget, type LookUp, type TargetPolicy } from "./target.ts";

export type Attempted =
  | { readonly kind: "attempted"; readonly result: AttemptResult }
  /** Over without an attempt: too late, or the subscription is switched off, may not hear it any more, or has no words for it. */
  | { readonly kind: "ended"; readonly state: "exhausted" | "canceled" };

export interface Surroundings {
  readonly network: Network;
  readonly lookUp: LookUp;
  readonly policy: TargetPolicy;
}

export async function attempt(
  delivery: PendingDelivery,
  subscription: Subscription,
  secrets: OpenedSecrets | null,
  { network, lookUp, policy }: Surroundings,
): Promise<Attempted> {
  if (subscription.status !== "active") return { kind: "ended", state: "canceled" };
  const nowMs = network.nowMs();
  if (nowMs > delivery.deadlineMs) return { kind: "ended", state: "exhausted" };
  const rendering = renderPayload(subscription, delivery.payload);
  if (rendering === null) return { kind: "ended", state: "canceled" };
  if (secrets === null) return unsent("failed", "the secrets cannot be opened", nowMs, network);
  const request = await buildRequest(subscription, secrets, delivery, rendering, nowMs);
  const verdict = await judgeTarget(request.url, policy, lookUp);
  switch (verdict.kind) {
    case "callable":
      return { kind: "attempted", result: await deliver(request, network) };
    case "refused":
      return unsent("blocked", `not called: the URL ${verdict.reason}`, nowMs, network);
    case "unresolved":
      return unsent("failed", `not called: ${verdict.reason}`, nowMs, network);
  }
}

function unsent(
  outcome: "failed" | "blocked",
  error: string,
  startedMs: number,
  network: Network,
): Attempted {
  return { kind: "attempted", result: notAnswered(outcome, error, startedMs, network.nowMs() - startedMs) };
}
