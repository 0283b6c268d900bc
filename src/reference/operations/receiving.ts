/** The edge door: what providers call. */
import type { Operation } from "../operation.ts";

const answers = {
  200: {
    description:
      "Everything in it is durably recorded, was known already, or does not concern us. For Gupshup without a body.",
    body: "Acknowledgement",
  },
} satisfies Operation["answers"];

const problems = [
  "unauthenticated",
  "notFound",
  "tooLarge",
  "invalid",
  "rateLimited",
  "unavailable",
] as const;

const what =
  "Called by the provider with its own credentials, never with a key. 200 is sent only when the updates are durable and certain to reach everybody who follows. One bad item in a good batch is kept under `/v1/rejected` and answered 200.";

const greeting =
  "Answers the handshakes and connection checks of the providers that make them, and takes the reports of the few that send them by GET; for all others 405.";

const greetingAnswers = {
  200: {
    description: 'The handshake holds. A report is answered `{"status":"ok"}`, as by POST.',
    body: { text: "1158201444" },
  },
} satisfies Operation["answers"];

const greetingProblems = [...problems, "forbidden", "methodNotAllowed"] as const;

export const receivingOperations: readonly Operation[] = [
  {
    id: "receiveWebhook",
    method: "post",
    path: "/in/{source}",
    area: "Receiving",
    summary: "Take a provider's webhook",
    description: what,
    access: "source",
    body: { name: "any" },
    answers,
    problems,
  },
  {
    id: "receiveWebhookByToken",
    method: "post",
    path: "/in/{source}/{token}",
    area: "Receiving",
    summary: "Take a provider's webhook, at a URL with a token",
    description: `${what} The last step of the URL is the source's token, which makes the URL a secret.`,
    access: "source",
    body: { name: "any" },
    answers,
    problems,
  },
  {
    id: "greet",
    method: "get",
    path: "/in/{source}",
    area: "Receiving",
    summary: "Answer a handshake, or take a report",
    description: greeting,
    access: "source",
    answers: greetingAnswers,
    problems: greetingProblems,
  },
  {
    id: "greetByToken",
    method: "get",
    path: "/in/{source}/{token}",
    area: "Receiving",
    summary: "Answer a handshake, or take a report, at a URL with a token",
    description: greeting,
    access: "source",
    answers: greetingAnswers,
    problems: greetingProblems,
  },
];
