/** Every operation of the service. A test walks the mounted routes, and fails on one that is missing here or there. */
import { feedOperations } from "./operations/feed.ts";
import { keyOperations, serviceOperations } from "./operations/keys.ts";
import { messageOperations } from "./operations/messages.ts";
import { receivingOperations } from "./operations/receiving.ts";
import { rejectedOperations, sourceOperations } from "./operations/sources.ts";
import { scenarioOperations, subscriptionOperations } from "./operations/subscriptions.ts";
import type { Operation } from "./operation.ts";

export const operations: readonly Operation[] = [
  ...receivingOperations,
  ...messageOperations,
  ...feedOperations,
  ...subscriptionOperations,
  ...scenarioOperations,
  ...sourceOperations,
  ...rejectedOperations,
  ...keyOperations,
  ...serviceOperations,
];
