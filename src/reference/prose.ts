/** The sentences of the reference that belong to no single operation. */
import type { Area, Parameter } from "./operation.ts";

export const introduction = `Tickline takes the delivery statuses that messaging providers send by webhook, puts them in order, keeps them, and hands them on.

**Authentication.** \`Authorization: Bearer <key>\` or \`X-API-Key: <key>\`. Each operation names the scope that it needs; a \`…:write\` includes its \`…:read\`. A key may be bound to sources: what it may not know of is 404.

**Times** are RFC 3339 in UTC with milliseconds. **Ids** that come from a provider are percent-encoded in URLs.

**Lists** take \`limit\` (50, at most 200) and \`cursor\`, and answer \`{"data":[…],"nextCursor"}\`.

**Repeats.** Every POST that needs a key honours \`Idempotency-Key\` for 24 hours.

**Failures** are \`application/problem+json\`; each \`type\` leads to an explanation at \`/docs/problems\`.

New members may be added to answers at any time: ignore those that you do not know.`;

export const areaWords: Readonly<Record<Area, string>> = {
  Receiving: "The edge door, called by providers with their source's own credentials.",
  Messages: "What became of each message, and of each dispatch or broadcast.",
  Feed: "All events in one total order, by polling or over WebSocket.",
  Subscriptions: "HTTP endpoints that get events, signed and retried for 48 hours.",
  Scenarios: "The same by Texter's import, for software and people that know it.",
  Sources: "Accounts at providers, each with its own URL and credentials.",
  "Rejected webhooks": "What was authentic and could not be read: kept, to be replayed after a fix.",
  Keys: "Who may come in, with what.",
  Service: "The service itself.",
};

const namedPaths: Readonly<Record<string, Parameter>> = {
  source: { description: "The source's id.", example: "my-nifteem" },
  token: { description: "The source's URL token." },
  messageId: { description: "The provider's id of the message, percent-encoded.", example: "0FCB1ABCVEXYZ" },
  group: {
    description: "The provider's id of the dispatch or broadcast, percent-encoded.",
    example: "0FCB1XXXVEABC",
  },
  id: { description: "Its id." },
  event: { description: "The event's id.", example: "evt_5f2b8c1d9e3a47608b1c2d3e4f506172" },
  job: { description: "The replay's id." },
};

export function pathWords(name: string): Parameter {
  return namedPaths[name] ?? { description: "" };
}
