/** Subscriptions, deliveries and replays as their readers see them. Source: API.md 5.5 and 5.6. */
import * as z from "zod/mini";
import { timeSchema } from "./event.ts";
import { storedFilterSchema } from "./filter.ts";
import { countSchema, positiveSchema } from "./number.ts";
import {
  attemptSchema,
  deliveryStates,
  replayScopes,
  replayStates,
  subscriptionFormats,
  subscriptionStatuses,
} from "./subscriptionWords.ts";

export const subscriptionSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  name: z.nullable(z.string()),
  status: z.enum(subscriptionStatuses),
  /** Why we switched it off; null unless `status` is `disabled`. */
  disabledReason: z.nullable(z.string()),
  format: z.enum(subscriptionFormats),
  /** The id of the Texter scenario it was imported as; its requests are made by that one's template. */
  scenario: z.nullable(z.string()),
  filter: storedFilterSchema,
  /** Names as given; every value is shown as `…`. */
  headers: z.record(z.string(), z.string()),
  timeoutSeconds: z.number(),
  ratePerSecond: z.nullable(z.number()),
  parallelism: positiveSchema,
  /** Until when deliveries carry the signature of the secret before as well. */
  previousSecretExpiresAt: z.nullable(timeSchema),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});

export const deliverySchema = z.strictObject({
  subscription: z.string(),
  /** The event's id, and with it the `webhook-id` of every attempt. */
  event: z.string(),
  /** Null for operational events that speak of no source or message. */
  source: z.nullable(z.string()),
  messageId: z.nullable(z.string()),
  /** When the event was received; lists go by it. */
  receivedAt: timeSchema,
  state: z.enum(deliveryStates),
  attempts: z.array(attemptSchema),
  /** All that were ever made; only the newest are kept in `attempts`. */
  attemptsTotal: countSchema,
  nextAttemptAt: z.nullable(timeSchema),
  createdAt: timeSchema,
  deadlineAt: timeSchema,
  finishedAt: z.nullable(timeSchema),
  /** The replay that made it; null for none. */
  replay: z.nullable(z.string()),
});

export const subscriptionStatsSchema = z.strictObject({
  /** Deliveries of events received since then are counted. */
  since: timeSchema,
  byState: z.record(z.enum(deliveryStates), countSchema),
  attempts: countSchema,
  /** Delivered among those that have ended; null while none has. */
  successRate: z.nullable(z.number()),
  /** From the making of a delivery to its success. */
  latencyMs: z.strictObject({ p50: z.nullable(z.number()), p99: z.nullable(z.number()) }),
  lastSuccessAt: z.nullable(timeSchema),
  lastFailureAt: z.nullable(timeSchema),
});

export const replaySchema = z.strictObject({
  id: z.string(),
  subscription: z.string(),
  state: z.enum(replayStates),
  since: timeSchema,
  until: timeSchema,
  only: z.enum(replayScopes),
  /** Events looked at so far, and deliveries made of them. */
  scanned: countSchema,
  replayed: countSchema,
  createdAt: timeSchema,
  finishedAt: z.nullable(timeSchema),
});

export type SubscriptionView = z.infer<typeof subscriptionSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
export type SubscriptionStats = z.infer<typeof subscriptionStatsSchema>;
export type Replay = z.infer<typeof replaySchema>;
