/**
 * What a replay does with one event. It may run twice over the same events: what it has sent again already, it
 * leaves alone.
 */
import type { DeliveryState, ReplayScope } from "../../model/subscriptionWords.ts";

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

/** Looked at once more where a delivery begins again: it may have gone on since the replay looked. */
export const statesBegunAgain: Readonly<Record<ReplayScope, readonly DeliveryState[]>> = {
  failed: ["retrying", "exhausted", "blocked"],
  missing: ["canceled"],
  all: ["delivered", "canceled", "retrying", "exhausted", "blocked"],
};

export function decideReplay(job: string, only: ReplayScope, known: KnownDelivery | null): ReplayDecision {
  if (known === null) return only === "failed" ? "leave" : "make";
  if (known.replay === job) return "leave";
  return statesBegunAgain[only].includes(known.state) ? "again" : "leave";
}
