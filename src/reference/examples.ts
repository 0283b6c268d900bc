/** One example of each component that is a body, taken from the contract. A test holds each against its schema. */
import type { JsonObject } from "../model/json.ts";
import { managementExamples } from "./examples/management.ts";
import type { ComponentName } from "./operation.ts";

const event: JsonObject = {
  id: "evt_5f2b8c1d9e3a47608b1c2d3e4f506172",
  type: "message.status",
  source: "my-nifteem",
  provider: "nifteem",
  messageId: "0FCB1ABCVEXYZ",
  version: 3,
  status: "delivered",
  providerStatus: "DELIVERED",
  effect: "late",
  previous: "read",
  current: "read",
  messageStatus: "read",
  contradicted: false,
  occurredAt: "2024-01-01T14:30:00.000Z",
  timeSource: "provider",
  receivedAt: "2024-01-01T14:31:07.412Z",
  providerOrder: 10,
  part: { number: 1, total: 1 },
  channel: "rcs",
  recipient: "+390000000",
  group: "0FCB1XXXVEABC",
  aliases: [],
  reason: null,
  metadata: { tenant: "42" },
  raw: { event: "DISPATCH_STATUS", messageId: "0FCB1ABCVEXYZ", status: "DELIVERED", statusOrder: 10 },
};

const summary: JsonObject = {
  source: "my-nifteem",
  provider: "nifteem",
  messageId: "0FCB1ABCVEXYZ",
  status: "read",
  statusAt: "2024-01-01T14:31:00.000Z",
  version: 3,
  final: true,
  contradicted: false,
  partial: false,
  deletedAt: null,
  channel: "rcs",
  recipient: "+390000000",
  group: "0FCB1XXXVEABC",
  aliases: [],
  reason: null,
  firstAt: { delivered: "2024-01-01T14:30:00.000Z", read: "2024-01-01T14:31:00.000Z" },
  partsTotal: 1,
  parts: [
    { number: 1, status: "read", statusAt: "2024-01-01T14:31:00.000Z", contradicted: false, reason: null },
  ],
  duplicates: 4,
  overflow: 0,
  metadata: { tenant: "42" },
  firstReceivedAt: "2024-01-01T14:31:02.118Z",
  lastReceivedAt: "2024-01-01T14:31:07.412Z",
};

const filter: JsonObject = {
  statuses: ["delivered", "read", "failed"],
  effects: ["advanced"],
  metadata: { tenant: "42" },
};

const subscription: JsonObject = {
  id: "sub_0c1d2e3f4a5b6c7d8e9f0a1b",
  url: "https://example.com/hook",
  name: "crm",
  status: "active",
  disabledReason: null,
  format: "tickline",
  scenario: null,
  filter,
  headers: { "X-API-Key": "…" },
  timeoutSeconds: 15,
  ratePerSecond: null,
  parallelism: 1,
  previousSecretExpiresAt: null,
  createdAt: "2026-11-21T10:00:00.000Z",
  updatedAt: "2026-11-21T10:00:00.000Z",
};

const signingSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

const scenarioData: JsonObject = {
  version: "v1",
  name: "(SUB) Messages Status Changed",
  triggerEvents: ["app.message.statusRequest"],
  actions: [
    {
      name: "request",
      params: {
        url: "https://example.com/hook",
        method: "post",
        json: true,
        data: { status: { "##provide": { provider: "messageStatusRequest", key: "status" } } },
      },
    },
  ],
};

const scenario: JsonObject = {
  _id: "sub_0c1d2e3f4a5b6c7d8e9f0a1b",
  name: "(SUB) Messages Status Changed",
  status: "active",
  disabledReason: null,
  data: scenarioData,
  authorUid: null,
  created: "2026-11-21T10:00:00.000Z",
  modified: "2026-11-21T10:00:00.000Z",
};

const delivery: JsonObject = {
  subscription: "sub_0c1d2e3f4a5b6c7d8e9f0a1b",
  event: "evt_5f2b8c1d9e3a47608b1c2d3e4f506172",
  source: "my-nifteem",
  messageId: "0FCB1ABCVEXYZ",
  receivedAt: "2024-01-01T14:31:07.412Z",
  state: "retrying",
  attempts: [
    {
      at: "2024-01-01T14:31:07.560Z",
      statusCode: 503,
      durationMs: 84,
      error: "answered 503",
      responseBody: "try later",
    },
  ],
  attemptsTotal: 1,
  nextAttemptAt: "2024-01-01T14:31:12.731Z",
  createdAt: "2024-01-01T14:31:07.500Z",
  deadlineAt: "2024-01-03T14:31:07.500Z",
  finishedAt: null,
  replay: null,
};

const cursor = "MTczMjE4MzIwMDAwMC40Mg";
const since = "2026-11-21T00:00:00.000Z";

export const examples = {
  Event: event,
  Filter: filter,
  StoredFilter: filter,
  Message: { ...summary, history: [event] },
  MessageSummary: summary,
  MessageList: { data: [summary], nextCursor: null, cursor },
  Group: {
    source: "my-nifteem",
    group: "0FCB1XXXVEABC",
    total: 1000,
    byStatus: { delivered: 381, read: 604, failed: 15 },
    reasons: [{ code: "131026", text: "Message undeliverable", count: 15 }],
  },
  EventList: { data: [{ ...event, cursor }], cursor, upToDate: true },
  StreamTokenRequest: {
    messages: [{ source: "my-nifteem", messageId: "0FCB1ABCVEXYZ" }],
    ttlSeconds: 900,
  },
  StreamToken: {
    token: "eyJhdWQiOiJ0aWNrbGluZS5zdHJlYW0ifQ.c2lnbmF0dXJl",
    expiresAt: "2026-11-21T10:15:00.000Z",
  },
  Overview: {
    since,
    until: "2026-11-21T10:00:00.000Z",
    stepMinutes: 2,
    totals: {
      events: 3210,
      messages: 1024,
      repeats: 411,
      late: 96,
      contradicted: 1,
      byStatus: { sent: 1020, delivered: 1004, read: 1171, failed: 15 },
    },
    funnel: { total: 1024, sent: 1009, delivered: 1004, read: 731, failed: 15 },
    latencies: {
      sentToDelivered: { p50Ms: 2000, p95Ms: 20000, count: 1004 },
      deliveredToRead: { p50Ms: 300000, p95Ms: 21600000, count: 731 },
    },
    reasons: [{ kind: "recipient", code: "131026", text: "Message undeliverable", count: 15 }],
    bySource: [
      {
        source: "my-nifteem",
        events: 3210,
        messages: 1024,
        failed: 15,
        repeats: 411,
        late: 96,
        byStatus: { sent: 1020, delivered: 1004, read: 1171, failed: 15 },
        lastReceivedAt: "2026-11-21T09:59:58.120Z",
      },
    ],
    minutes: [{ minute: "2026-11-21T09:58:00.000Z", byStatus: { sent: 3, delivered: 4, read: 2 } }],
    openSockets: 12,
  },
  ErasureRequest: { recipient: "+390000000" },
  Erasure: { erased: 3, rejected: 0, more: false },
  NewSubscription: {
    url: "https://example.com/hook",
    name: "crm",
    format: "tickline",
    filter,
    headers: { "X-API-Key": "secret" },
    timeoutSeconds: 15,
  },
  SubscriptionChange: { status: "inactive" },
  SecretRotation: { overlapSeconds: 3600 },
  Subscription: subscription,
  SubscriptionWithSecret: { ...subscription, signingSecret },
  SubscriptionStats: {
    since,
    byState: { pending: 0, delivered: 990, retrying: 2, exhausted: 1, blocked: 0, canceled: 0 },
    attempts: 1004,
    successRate: 0.999,
    latencyMs: { p50: 61, p99: 412 },
    lastSuccessAt: "2026-11-21T09:59:58.120Z",
    lastFailureAt: null,
  },
  Delivery: delivery,
  ReplayRequest: { since, only: "missing" },
  Replay: {
    id: "rpl_0c1d2e3f4a5b6c7d8e9f0a1b",
    subscription: "sub_0c1d2e3f4a5b6c7d8e9f0a1b",
    state: "running",
    since,
    until: "2026-11-21T10:00:00.000Z",
    only: "missing",
    scanned: 100,
    replayed: 7,
    createdAt: "2026-11-21T10:00:00.000Z",
    finishedAt: null,
  },
  ScenarioImport: { data: scenarioData, asStatus: "active" },
  Scenario: scenario,
  ScenarioWithSecret: { ...scenario, signingSecret },
  OperationalEvent: {
    id: "evt_0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    type: "subscription.disabled",
    occurredAt: "2026-11-21T10:00:00.000Z",
    source: null,
    subscription: "sub_0c1d2e3f4a5b6c7d8e9f0a1b",
    detail: "The endpoint answered 410 Gone.",
  },
  ...managementExamples,
} satisfies Partial<Record<ComponentName, JsonObject>>;
