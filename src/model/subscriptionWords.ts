/**
 * The words of subscriptions, deliveries and replays, and an attempt as it is kept and shown. `subscription.ts` stands apart:
 * only tests and the reference read its schemas, and they stay out of the Worker while it takes types alone from there.
 */
import * as z from "zod/mini";
import { timeSchema } from "./event.ts";

export const subscriptionStatuses = ["active", "inactive", "disabled"] as const;
/** Our own words, or those of a provider's own webhook. */
export const subscriptionFormats = ["tickline", "nifteem", "callbell", "texter"] as const;
export const deliveryStates = [
  "pending",
  "delivered",
  "retrying",
  "exhausted",
  "blocked",
  "canceled",
] as const;
/** Which of the events in a stretch of time a replay sends again. */
export const replayScopes = ["failed", "missing", "all"] as const;
export const replayStates = ["running", "done", "canceled"] as const;

export const attemptSchema = z.strictObject({
  at: timeSchema,
  /** Null: no answer came. */
  statusCode: z.nullable(z.int()),
  durationMs: z.number(),
  /** Null: it was a success. */
  error: z.nullable(z.string()),
  /** At most its first 4 KiB. */
  responseBody: z.nullable(z.string()),
});

export type SubscriptionStatus = (typeof subscriptionStatuses)[number];
export type SubscriptionFormat = (typeof subscriptionFormats)[number];
export type DeliveryState = (typeof deliveryStates)[number];
export type Attempt = z.infer<typeof attemptSchema>;
export type ReplayScope = (typeof replayScopes)[number];
