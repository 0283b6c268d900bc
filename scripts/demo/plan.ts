/**
 * What the demo plays: messages of three providers with all that is told of them, and by hand, without the
 * service, what must come of each. Pure: ids, times and chance are handed in.
 */
import type { Status } from "../../src/model/status.ts";
import type { demoSources } from "./sources.ts";

export type Provider = (typeof demoSources)[number]["provider"];

export interface PlannedMessage {
  readonly provider: Provider;
  readonly messageId: string;
  readonly recipient: string;
  readonly expected: Expectation;
}

export interface Expectation {
  readonly status: Status;
  readonly contradicted: boolean;
  readonly partial: boolean;
  readonly deleted: boolean;
  /** Statuses of the events that carry a provider's time, by that time. */
  readonly history: readonly Status[];
  /** Different events. */
  readonly events: number;
}

export interface PlannedWebhook {
  readonly provider: Provider;
  readonly body: string;
  /** Indexes of the messages it speaks of. */
  readonly messages: readonly number[];
}

export interface Plan {
  readonly messages: readonly PlannedMessage[];
  readonly webhooks: readonly PlannedWebhook[];
}

/** One thing that a provider tells, `word` in the provider's own vocabulary. */
interface Step {
  readonly status: Status;
  readonly word: string | number;
  /** False where this provider gives no time with this word. */
  readonly timed?: false;
  readonly part?: number;
}

interface Story {
  readonly provider: Provider;
  readonly steps: readonly Step[];
  readonly outcome: Status;
  readonly contradicted?: true;
  readonly partial?: true;
  readonly deleted?: true;
  /** Of how many parts the message consists (Nifteem). */
  readonly parts?: number;
  /** How many messages each webhook speaks of (Texter). */
  readonly together?: number;
}

const delivered = { status: "delivered", word: "DELIVERED" } as const;
const read = { status: "read", word: "READ" } as const;
const sent = { status: "sent", word: "SENT" } as const;
const failed = { status: "failed", word: "FAILED" } as const;
const enqueued = { status: "queued", word: "enqueued", timed: false } as const;
const refused = { status: "failed", word: "failed", timed: false } as const;
const released = { status: "queued", word: 0 } as const;
const accepted = { status: "accepted", word: 1 } as const;
const callbellSteps = [
  enqueued,
  { status: "sent", word: "sent" },
  { status: "delivered", word: "delivered" },
] as const;

/** Played round and round until there are as many messages as wanted. */
const stories: readonly Story[] = [
  { provider: "nifteem", steps: [sent, delivered, read], outcome: "read" },
  { provider: "callbell", steps: [...callbellSteps, { status: "read", word: "read" }], outcome: "read" },
  {
    provider: "texter",
    steps: [released, accepted, { status: "delivered", word: 2 }, { status: "read", word: 3 }],
    outcome: "read",
    together: 2,
  },
  { provider: "nifteem", steps: [sent, failed, delivered], outcome: "delivered", contradicted: true },
  { provider: "callbell", steps: [enqueued, refused], outcome: "failed" },
  { provider: "texter", steps: [released, accepted, { status: "failed", word: 5 }], outcome: "failed" },
  {
    provider: "nifteem",
    steps: [1, 2, 3].flatMap((part) =>
      part === 3
        ? [{ ...sent, part }]
        : [
            { ...sent, part },
            { ...read, part },
          ],
    ),
    outcome: "sent",
    partial: true,
    parts: 3,
  },
  {
    provider: "callbell",
    steps: [...callbellSteps, { status: "recipient_corrected", word: "mismatch", timed: false }],
    outcome: "delivered",
  },
  {
    provider: "texter",
    steps: [released, accepted, { status: "delivered", word: 2 }, { status: "deleted", word: 6 }],
    outcome: "delivered",
    deleted: true,
  },
  { provider: "nifteem", steps: [{ status: "not_sent", word: "NOSENT" }], outcome: "not_sent" },
  { provider: "callbell", steps: [...callbellSteps, refused], outcome: "delivered", contradicted: true },
];

export function planOf(messageCount: number, run: string, nowMs: number): Plan {
  const messages: PlannedMessage[] = [];
  const webhooks: PlannedWebhook[] = [];
  const rounds = Array.from({ length: messageCount }, () => stories).flat();
  for (const [round, story] of rounds.entries()) {
    if (messages.length >= messageCount) break;
    const indexes = Array.from({ length: story.together ?? 1 }, (_, index) => messages.length + index);
    // Each message in its own past minutes, in whole seconds, as providers have them.
    const startMs = Math.floor(nowMs / 60_000) * 60_000 - (round + 2) * 60_000;
    const ids = indexes.map((index) => `demo-${run}-${String(index + 1).padStart(2, "0")}`);
    const recipient = `97250${String(1_000_000 + messages.length * 7_919)}`;
    messages.push(
      ...ids.map((messageId) => ({
        provider: story.provider,
        messageId,
        recipient,
        expected: expectationOf(story),
      })),
    );
    for (const [order, step] of story.steps.entries()) {
      const body = JSON.stringify(
        bodyOf({ story, step, ids, recipient, order, timeMs: startMs + order * 7_000 }),
      );
      webhooks.push({ provider: story.provider, body, messages: indexes });
    }
  }
  return { messages, webhooks };
}

function expectationOf(story: Story): Expectation {
  return {
    status: story.outcome,
    contradicted: story.contradicted ?? false,
    partial: story.partial ?? false,
    deleted: story.deleted ?? false,
    history: story.steps.filter((step) => step.timed !== false).map((step) => step.status),
    events: story.steps.length,
  };
}

interface Telling {
  readonly story: Story;
  readonly step: Step;
  readonly ids: readonly string[];
  readonly recipient: string;
  readonly order: number;
  readonly timeMs: number;
}

function bodyOf(telling: Telling): object {
  switch (telling.story.provider) {
    case "nifteem":
      return nifteemBody(telling);
    case "callbell":
      return callbellBody(telling);
    case "texter":
      return texterBody(telling);
  }
}

function nifteemBody({ story, step, ids, recipient, order, timeMs }: Telling): object {
  return {
    event: "DISPATCH_STATUS",
    module: "DISPATCH_API",
    dispatchId: "demo-dispatch",
    messageId: ids[0],
    messagePart: step.part ?? 1,
    messageTotalParts: story.parts ?? 1,
    channel: "RCS",
    channelIdentifier: `+${recipient}`,
    status: step.word,
    statusOrder: order + 1,
    statusDate: new Date(timeMs).toISOString(),
    dispatchMetadata: { campaign: "demo" },
    recipientMetadata: {},
  };
}

function callbellBody({ step, ids, recipient, timeMs }: Telling): object {
  const payload =
    step.status === "failed"
      ? { code: 1008, reason: "User is not opted in and inactive" }
      : step.status === "recipient_corrected"
        ? { phone: recipient, wa_id: `1${recipient}` }
        : step.timed === false
          ? { type: "session" }
          : { ts: timeMs / 1000 };
  return {
    event: "message_status_updated",
    payload: {
      uuid: ids[0],
      status: step.word,
      contact: { uuid: `contact-${recipient}`, source: "whatsapp", name: "Demo", phoneNumber: recipient },
      messageStatusPayload: { id: `${ids[0]}-wa`, type: step.word, payload, destination: recipient },
    },
  };
}

function texterBody({ step, ids, recipient, timeMs }: Telling): object {
  return {
    eventName: "messageStatusChanged",
    eventData: {
      chat: {
        _id: `chat-${recipient}`,
        displayName: "Demo",
        channelInfo: { name: "whatsapp", id: recipient },
      },
      messageStatus: step.word,
      error: step.status === "failed" ? "The channel is not connected" : null,
      timestamp: timeMs,
      externalId: ids,
    },
  };
}
