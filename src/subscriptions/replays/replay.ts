/**
 * What a replay does with one event. It may run twice over the same events: what it has sent again already, it
 * leaves alone.
 */
import type { DeliveryState, ReplayScope } from "../../model/subscription.ts";

/** What there is of an event's delivery. */
export interface KnownDelivery {
  readonly state: DeliveryState;
  readonly replay: string | null;
}

export type ReplayDecision =
  | "leave"
  /** There is no delivery yet. */
  | "make"
  /** There is one: with a new deadline it begins again. */
  | "again";

export function decideReplay(job: string, only: ReplayScope, known: KnownDelivery | null): ReplayDecision {
  if (known === null) return only === "failed" ? "leave" : "make";
  if (known.replay === job) return "leave";
  switch (known.state) {
    case "pending":
      return "leave";
    case "delivered":
      return only === "all" ? "again" : "leave";
    case "canceled":
      return only === "failed" ? "leave" : "again";
    case "retrying":
    case "exhausted":
    case "blocked":
      return only === "missing" ? "leave" : "again";
  }
}
