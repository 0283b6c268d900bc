/** The states of deliveries, in the order in which a person looks for them. */
import type { DeliveryState } from "../../model/subscriptionWords.ts";

export const deliveryStates = [
  "exhausted",
  "blocked",
  "retrying",
  "pending",
  "canceled",
  "delivered",
] as const satisfies readonly DeliveryState[];
