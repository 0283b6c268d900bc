/** What we send: deliveries to subscriptions, and operational events. */
import type { JsonObject } from "../model/json.ts";
import { referenceTo } from "./components.ts";
import type { ComponentName } from "./operation.ts";

interface Sent {
  readonly name: string;
  readonly body: ComponentName;
  readonly summary: string;
  readonly description: string;
}

export const sent: readonly Sent[] = [
  {
    name: "messageEvent",
    body: "Event",
    summary: "An event of a message",
    description:
      "Sent to every subscription whose filter it passes, in the format `tickline`; the other formats send the provider's own webhook instead. Arrival is at least once and in no promised order: drop repeats by `webhook-id`, and keep the event with the highest `version`.",
  },
  {
    name: "operationalEvent",
    body: "OperationalEvent",
    summary: "What the service says of itself",
    description:
      "Sent to subscriptions whose filter names `subscription.disabled`, `source.silent` or `source.rejecting` in `types`.",
  },
];

export const sentHeaders: Readonly<Record<string, string>> = {
  "webhook-id": "The event's id; the same on every attempt.",
  "webhook-timestamp": "When this attempt was made, in Unix seconds.",
  "webhook-signature":
    "`v1,<base64>`: HMAC-SHA-256 of `<webhook-id>.<webhook-timestamp>.<body>` under the signing secret (Standard Webhooks). Two of them, separated by a space, during a rotation.",
  "Tickline-Attempt": "1, 2, 3 …",
  "Tickline-Replay": "The replay that it belongs to, if one.",
  "Tickline-Test": "`true` for a test event.",
};

const always = new Set(["webhook-id", "webhook-timestamp", "webhook-signature", "Tickline-Attempt"]);

export function webhooks(): JsonObject {
  return Object.fromEntries(sent.map((one) => [one.name, { post: describe(one) }]));
}

function describe({ name, body, summary, description }: Sent): JsonObject {
  return {
    operationId: name,
    summary,
    description,
    security: [],
    parameters: Object.entries(sentHeaders).map(([header, said]) => ({
      name: header,
      in: "header",
      required: always.has(header),
      description: said,
      schema: { type: "string" },
    })),
    requestBody: { required: true, content: { "application/json": { schema: referenceTo(body) } } },
    responses: {
      "2XX": { description: "Taken, whatever the body says." },
      "410": { description: "The endpoint is no more: the subscription is disabled." },
      default: {
        description:
          "Tried again over 48 hours. A redirect is not followed. `Retry-After` lengthens the wait.",
      },
    },
  };
}
