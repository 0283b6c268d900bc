/** What the members of subscriptions, deliveries, replays and scenarios mean. */
import type { Words } from "../words.ts";

const settings = {
  url: "Where events go: https, and public.",
  name: "As people call it.",
  format:
    "`tickline`: the event as it is. The others are the providers' own webhooks, for software written for them.",
  filter: "Which events it gets.",
  timeoutSeconds: "How long an attempt may take.",
  ratePerSecond: "Attempts a second at most; null: no limit.",
  parallelism: "Over how many objects its messages are spread; each makes up to 6 attempts at a time.",
};

const subscription = {
  id: "Names it.",
  ...settings,
  status: "`disabled` is said by us, when the endpoint is gone or has failed for days.",
  disabledReason: "Why we disabled it.",
  scenario: "The scenario that it was imported as; its template then makes the requests.",
  headers: "Sent with every request; each value is shown as `…`.",
  previousSecretExpiresAt: "Until when deliveries carry the signature of the secret before as well.",
  createdAt: "When it was created.",
  updatedAt: "When it was last changed.",
};

const signingSecret = "Verifies our signature (Standard Webhooks). Shown this once.";

const scenario = {
  _id: "Names it; also the id of its subscription.",
  name: "From the import.",
  status: "A draft fires as little as an inactive one.",
  disabledReason: "Why we switched it off; then `status` is `inactive`.",
  data: "What was imported; header values are shown as `…`.",
  authorUid: "From the import.",
  created: "When it was imported.",
  modified: "When it was last changed.",
};

const given = {
  ...settings,
  status: "Whether deliveries are made.",
  headers: "At most 30. `host`, `content-*`, `webhook-*`, `tickline-*` and hop-by-hop names are refused.",
};

export const subscriptionWords = {
  NewSubscription: {
    "": "An endpoint that is to get events.",
    ...given,
    filter:
      'Which events it gets. Without `effects`: `["advanced","contradicted","noted"]`; `[]` asks for all.',
  },
  SubscriptionChange: {
    "": "What is to change.",
    ...given,
    headers: "Replaces all of them; a value given as `…` stays.",
  },
  Subscription: { "": "An HTTP endpoint that gets events.", ...subscription },
  SubscriptionWithSecret: {
    "": "A subscription, with its signing secret this once.",
    ...subscription,
    signingSecret,
  },
  SecretRotation: { "": "How to rotate.", overlapSeconds: "How long deliveries carry both signatures." },
  SubscriptionStats: {
    "": "How a subscription is doing.",
    since: "Of events received since then.",
    byState: "Deliveries by state.",
    attempts: "All that were made.",
    successRate: "Delivered among those that have ended; null while none has.",
    latencyMs: "From the making of a delivery to its success.",
    lastSuccessAt: "When an attempt last succeeded.",
    lastFailureAt: "When a delivery last failed that has not succeeded since.",
  },
  Delivery: {
    "": "One event for one subscription.",
    subscription: "For whom.",
    event: "The event's id: the `webhook-id` of every attempt.",
    source: "Of the event; null for some operational ones.",
    messageId: "Of the event; null for operational ones.",
    receivedAt: "When the event was received.",
    state:
      "`pending`: not tried yet; `retrying`: failed, will be tried again; `exhausted`: given up; `blocked`: the URL must not be called; `canceled`: the subscription was switched off.",
    attempts: "The newest 20.",
    attemptsTotal: "All that were made.",
    nextAttemptAt: "When it is tried next; null if it is not.",
    createdAt: "When it was made, or made again.",
    deadlineAt: "48 h later: nothing is tried after it.",
    finishedAt: "When it ended.",
    replay: "The replay that made it.",
  },
  Attempt: {
    "": "One request.",
    at: "When it began.",
    statusCode: "What was answered; null: nothing.",
    durationMs: "How long it took.",
    error: "Why it failed; null: it did not.",
    responseBody: "At most its first 4 KiB.",
  },
  ReplayRequest: {
    "": "What to send again.",
    since: "Events received from then on.",
    until: "Before then; now if left out.",
    only: "`failed`, `missing` or `all`.",
  },
  Replay: {
    "": "A replay at work.",
    id: "Names it; also in the header `Tickline-Replay`.",
    subscription: "For whom.",
    state: "Whether it still runs.",
    since: "From when on.",
    until: "Until when.",
    only: "What it sends again.",
    scanned: "Events looked at.",
    replayed: "Deliveries made of them.",
    createdAt: "When it was asked for.",
    finishedAt: "When it ended.",
  },
  ScenarioImport: {
    "": "Texter's import body.",
    data: "The scenario: see the guide on scenarios for each member.",
    asStatus: "As what to import it.",
    authorUid: "Kept and shown; needs the scope `subscriptions:impersonate`.",
  },
  Scenario: { "": "A subscription with a template, in Texter's words.", ...scenario },
  ScenarioWithSecret: { "": "A scenario, with its signing secret this once.", ...scenario, signingSecret },
  OperationalEvent: {
    "": "What the service says of itself, to subscriptions whose filter names it in `types`.",
    id: "Made of what it speaks of, so that saying it twice is saying it once.",
    type: "What has happened.",
    occurredAt: "When.",
    source: "The source that it speaks of.",
    subscription: "The subscription that it speaks of.",
    detail: "In a sentence.",
  },
} satisfies Words;
