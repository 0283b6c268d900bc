/** Examples of sources, keys, rejected webhooks and answers of the service. */
import type { JsonObject } from "../../model/json.ts";
import { version } from "../../model/version.ts";

const source: JsonObject = {
  id: "my-nifteem",
  provider: "nifteem",
  name: "Shop, RCS",
  status: "active",
  ingestUrl: "https://tickline.example.com/in/my-nifteem",
  auth: [{ type: "header", name: "X-API-Key", value: "…" }],
  previousAuthUntil: null,
  rateLimit: null,
  createdAt: "2026-11-21T10:00:00.000Z",
  updatedAt: "2026-11-21T10:00:00.000Z",
  lastReceivedAt: "2026-11-21T10:04:12.080Z",
  counts: { received: 1204, refused: 0, rejected: 1, ignored: 37 },
};

const generated: JsonObject = {
  type: "header",
  name: "X-API-Key",
  value: "3fJq0wZsT6uYb1Nn8cVhR5mKxE2aLgD9PoI7tBvQyWz",
};

const key: JsonObject = {
  id: "key_8Jd0sKq2LmN4pRt6",
  name: "crm",
  scopes: ["messages:read", "feed:read"],
  sources: ["my-nifteem"],
  createdAt: "2026-11-21T10:00:00.000Z",
  expiresAt: null,
  lastUsedAt: "2026-11-21T10:04:00.000Z",
};

const secretKey: JsonObject = { ...key, lastUsedAt: null, key: "tk_0123456789ABCDEFGHIJKLMNOPQRSTabcdef" };

const rejectedSummary: JsonObject = {
  id: "rej_5f2b8c1d9e3a47608b1c2d3e4f506172",
  source: "my-nifteem",
  provider: "nifteem",
  count: 3,
  firstReceivedAt: "2026-11-21T10:00:00.000Z",
  lastReceivedAt: "2026-11-21T10:05:00.000Z",
  reason: "The webhook is not of the provider's shape.",
  errors: [{ path: "messageId", message: "Invalid input: expected string, received undefined" }],
  bodyBytes: 29,
  truncated: false,
  replayable: true,
};

export const managementExamples = {
  NewSource: { provider: "nifteem", name: "Shop, RCS", id: "my-nifteem" },
  SourceChange: { status: "inactive" },
  CredentialRotation: { overlapSeconds: 3600 },
  Source: source,
  SourceWithCredentials: {
    ...source,
    auth: [generated],
    lastReceivedAt: null,
    counts: { received: 0, refused: 0, rejected: 0, ignored: 0 },
    credentials: [generated],
  },
  Provider: {
    name: "nifteem",
    title: "Nifteem",
    setup: "Enter the ingest URL as webhookUrl.",
    defaultAuth: [{ type: "header", name: "X-API-Key" }],
    auth: [{ type: "header", schema: { type: "object" }, secrets: ["value"], generated: true }],
  },
  RejectedSummary: rejectedSummary,
  Rejected: {
    ...rejectedSummary,
    method: "POST",
    query: "",
    headers: { "content-type": "application/json" },
    body: '{"event":"DISPATCH_STATUS"}',
    bodyEncoding: "utf-8",
    items: null,
  },
  RejectedReplay: { status: "ok", recorded: 1, repeated: 0, overflowed: 0 },
  NewKey: { name: "crm", scopes: ["messages:read", "feed:read"], sources: ["my-nifteem"] },
  KeyChange: { expiresAt: "2027-01-01T00:00:00Z" },
  KeyRotation: { overlapSeconds: 3600 },
  Key: key,
  KeyWithSecret: secretKey,
  Self: { keyId: "root", scopes: ["messages:read"], sources: null, expiresAt: null },
  Health: { status: "ok", version },
  Acknowledgement: { status: "ok" },
  Problem: {
    type: "https://tickline.example.com/docs/problems#invalid",
    title: "Invalid values",
    status: 422,
    detail: "The request has values that are not allowed.",
    instance: "0b6c1f4e-9a53-4d0c-a6f2-4c7a1c7f2b11",
    errors: [{ path: "filter.statuses[0]", message: "Invalid option" }],
  },
} satisfies Record<string, JsonObject>;
