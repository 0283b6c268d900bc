/** Every object that the API answers with, by its name in the reference. Tests hold real answers against these. */
import * as z from "zod/mini";
import { scopeSchema } from "../model/access.ts";
import { eventSchema, timeSchema } from "../model/event.ts";
import { filterSchema, storedFilterSchema } from "../model/filter.ts";
import { jsonObjectSchema, jsonSchema } from "../model/json.ts";
import { messageSchema, messageSummarySchema } from "../model/message.ts";
import { countSchema, positiveSchema } from "../model/number.ts";
import { operationalEventSchema } from "../model/operational.ts";
import { reasonSchema } from "../model/reason.ts";
import { statusSchema } from "../model/status.ts";
import {
  deliverySchema,
  replaySchema,
  subscriptionSchema,
  subscriptionStatsSchema,
} from "../model/subscription.ts";
import { attemptSchema } from "../model/subscriptionWords.ts";
import { rateLimitSchema, sourceStatusSchema } from "../sources/request.ts";

const countsSchema = z.record(z.string(), countSchema);
const issueSchema = z.strictObject({ path: z.string(), message: z.string() });

const sourceSchema = z.strictObject({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  status: sourceStatusSchema,
  ingestUrl: z.url(),
  auth: z.array(jsonObjectSchema),
  previousAuthUntil: z.nullable(timeSchema),
  rateLimit: z.nullable(rateLimitSchema),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  lastReceivedAt: z.nullable(timeSchema),
  counts: z.strictObject({
    received: countSchema,
    refused: countSchema,
    rejected: countSchema,
    ignored: countSchema,
  }),
});

const keySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scopeSchema),
  sources: z.nullable(z.array(z.string())),
  createdAt: timeSchema,
  expiresAt: z.nullable(timeSchema),
  lastUsedAt: z.nullable(timeSchema),
});

const scenarioSchema = z.strictObject({
  _id: z.string(),
  name: z.string(),
  status: z.enum(["active", "inactive", "draft"]),
  disabledReason: z.nullable(z.string()),
  data: jsonObjectSchema,
  authorUid: z.nullable(z.string()),
  created: timeSchema,
  modified: timeSchema,
});

const rejectedSummarySchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  provider: z.string(),
  count: positiveSchema,
  firstReceivedAt: timeSchema,
  lastReceivedAt: timeSchema,
  reason: z.string(),
  errors: z.array(issueSchema),
  bodyBytes: countSchema,
  truncated: z.boolean(),
  replayable: z.boolean(),
});

const latencySchema = z.strictObject({
  p50Ms: z.nullable(z.number()),
  p95Ms: z.nullable(z.number()),
  count: countSchema,
});

const secretSchema = z.strictObject({ signingSecret: z.string() });

export const answerSchemas = {
  Event: eventSchema,
  Message: messageSchema,
  MessageSummary: messageSummarySchema,
  PartState: messageSummarySchema.shape.parts.def.element,
  Status: statusSchema,
  Reason: reasonSchema,
  Filter: filterSchema,
  StoredFilter: storedFilterSchema,
  RateLimit: rateLimitSchema,
  MessageList: z.strictObject({
    data: z.array(messageSummarySchema),
    nextCursor: z.nullable(z.string()),
    cursor: z.string(),
  }),
  Group: z.strictObject({
    source: z.string(),
    group: z.string(),
    total: countSchema,
    byStatus: countsSchema,
    reasons: z.array(
      z.strictObject({ code: z.nullable(z.string()), text: z.nullable(z.string()), count: countSchema }),
    ),
  }),
  EventList: z.strictObject({
    data: z.array(z.strictObject({ ...eventSchema.shape, cursor: z.string() })),
    cursor: z.string(),
    upToDate: z.boolean(),
  }),
  StreamToken: z.strictObject({ token: z.string(), expiresAt: timeSchema }),
  Overview: z.strictObject({
    since: timeSchema,
    until: timeSchema,
    stepMinutes: positiveSchema,
    totals: z.strictObject({
      events: countSchema,
      messages: countSchema,
      repeats: countSchema,
      late: countSchema,
      contradicted: countSchema,
      byStatus: countsSchema,
    }),
    funnel: z.strictObject({
      total: countSchema,
      sent: countSchema,
      delivered: countSchema,
      read: countSchema,
      failed: countSchema,
    }),
    latencies: z.strictObject({ sentToDelivered: latencySchema, deliveredToRead: latencySchema }),
    reasons: z.array(
      z.strictObject({
        kind: z.string(),
        code: z.nullable(z.string()),
        text: z.nullable(z.string()),
        count: countSchema,
      }),
    ),
    bySource: z.array(
      z.strictObject({
        source: z.string(),
        events: countSchema,
        messages: countSchema,
        failed: countSchema,
        repeats: countSchema,
        late: countSchema,
        byStatus: countsSchema,
        lastReceivedAt: z.nullable(timeSchema),
      }),
    ),
    minutes: z.array(z.strictObject({ minute: timeSchema, byStatus: countsSchema })),
    openSockets: countSchema,
  }),
  Source: sourceSchema,
  SourceWithCredentials: z.strictObject({ ...sourceSchema.shape, credentials: z.array(jsonObjectSchema) }),
  Provider: z.strictObject({
    name: z.string(),
    title: z.string(),
    setup: z.string(),
    defaultAuth: z.array(jsonObjectSchema),
    auth: z.array(
      z.strictObject({
        type: z.string(),
        schema: jsonObjectSchema,
        secrets: z.array(z.string()),
        generated: z.boolean(),
      }),
    ),
  }),
  Key: keySchema,
  KeyWithSecret: z.strictObject({ ...keySchema.shape, key: z.string() }),
  Self: z.strictObject({
    keyId: z.string(),
    scopes: z.array(scopeSchema),
    sources: z.nullable(z.array(z.string())),
    expiresAt: z.nullable(timeSchema),
  }),
  Subscription: subscriptionSchema,
  SubscriptionWithSecret: z.strictObject({ ...subscriptionSchema.shape, ...secretSchema.shape }),
  SubscriptionStats: subscriptionStatsSchema,
  Delivery: deliverySchema,
  Attempt: attemptSchema,
  Replay: replaySchema,
  Scenario: scenarioSchema,
  ScenarioWithSecret: z.strictObject({ ...scenarioSchema.shape, ...secretSchema.shape }),
  RejectedSummary: rejectedSummarySchema,
  Rejected: z.strictObject({
    ...rejectedSummarySchema.shape,
    method: z.enum(["GET", "POST"]),
    query: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    bodyEncoding: z.enum(["utf-8", "base64"]),
    items: z.nullable(z.array(jsonSchema)),
  }),
  RejectedReplay: z.strictObject({
    status: z.literal("ok"),
    recorded: countSchema,
    repeated: countSchema,
    overflowed: countSchema,
  }),
  Erasure: z.strictObject({ erased: countSchema, rejected: countSchema, more: z.boolean() }),
  Health: z.strictObject({ status: z.literal("ok"), version: z.string() }),
  Acknowledgement: z.strictObject({ status: z.literal("ok") }),
  OperationalEvent: operationalEventSchema,
  Issue: issueSchema,
  Problem: z.strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    errors: z.optional(z.array(issueSchema)),
  }),
} as const;
