/** What each problem means and what to do about it; one anchor of /docs/problems each. A test holds it against http/problem.ts. */
import type { ProblemKind } from "./operation.ts";

export interface ProblemNote {
  /** Ends the `type` of a problem. */
  readonly slug: string;
  readonly title: string;
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

export const problemNotes: Readonly<Record<ProblemKind | "internal", ProblemNote>> = {
  malformed: {
    slug: "malformed",
    title: "Malformed request",
    status: 400,
    meaning:
      "The body is not JSON in UTF-8, or a WebSocket was asked for without the subprotocol `tickline.v1`.",
    remedy: "Mend the request; the same one will be refused again.",
  },
  unauthenticated: {
    slug: "unauthenticated",
    title: "Authentication required",
    status: 401,
    meaning:
      "No key, an unknown, expired or deleted one, or two different ones in `Authorization` and `X-API-Key`. Under `/in/`: the source's own credentials do not hold.",
    remedy: "Check which key is sent. Which part of a credential was wrong is not told.",
  },
  forbidden: {
    slug: "forbidden",
    title: "Not allowed",
    status: 403,
    meaning:
      "The key is right, and lacks the scope, the source or the life that this needs; `detail` says which.",
    remedy: "Use a key with the scope, or ask its maker. `GET /v1/me` shows what a key may do.",
  },
  notFound: {
    slug: "not-found",
    title: "Not found",
    status: 404,
    meaning: "There is nothing at this address, or nothing that this key may know of.",
    remedy: "Check the id, and that it is percent-encoded. A message is known from its first update on.",
  },
  methodNotAllowed: {
    slug: "method-not-allowed",
    title: "Method not allowed",
    status: 405,
    meaning: "The address exists, but does not answer this method; `Allow` lists those that it does.",
    remedy: "Use one of the methods in `Allow`.",
  },
  conflict: {
    slug: "conflict",
    title: "Conflict",
    status: 409,
    meaning:
      "The request does not fit what is there: an id that is taken, a full list, an inactive subscription, a change by somebody else at the same time, or a first request with the same `Idempotency-Key` that is still at work.",
    remedy: "Read `detail`, look at the resource, and decide anew.",
  },
  gone: {
    slug: "gone",
    title: "No longer available",
    status: 410,
    meaning:
      "The feed cannot honour this cursor: it is older than what the feed keeps, of another epoch, or ahead of it.",
    remedy:
      "Read the messages that matter from `GET /v1/messages`, whose answer has a fresh `cursor`, and go on from there.",
  },
  tooLarge: {
    slug: "too-large",
    title: "Body too large",
    status: 413,
    meaning:
      "The body passed the limit while it was read. The limits are 256 KiB under `/v1` and 1 MiB under `/in/` (Meta and Gupshup 3 MiB).",
    remedy: "Send less at once.",
  },
  invalid: {
    slug: "invalid",
    title: "Invalid values",
    status: 422,
    meaning:
      "The request could be read, and says something that is refused. `errors` has one entry for each fault, its `path` relative to the body, or the name of the parameter.",
    remedy: "Mend the values named in `errors`.",
  },
  upgradeRequired: {
    slug: "upgrade-required",
    title: "WebSocket required",
    status: 426,
    meaning: "This address speaks WebSocket only.",
    remedy: "Connect with a WebSocket client that offers the subprotocol `tickline.v1`.",
  },
  rateLimited: {
    slug: "rate-limited",
    title: "Too many requests",
    status: 429,
    meaning: "The source's own rate limit is reached.",
    remedy: "Wait as long as `Retry-After` says. The limit is set by `rateLimit` of the source.",
  },
  internal: {
    slug: "internal",
    title: "Internal error",
    status: 500,
    meaning: "Something went wrong on our side.",
    remedy:
      "Try again. If it stays, give `instance` to whoever operates the service: it finds the cause in the logs.",
  },
  unavailable: {
    slug: "unavailable",
    title: "Temporarily unavailable",
    status: 503,
    meaning:
      "Nothing is wrong with the request: a secret of the deployment is missing, its database does not answer, or an update could not be recorded durably.",
    remedy: "Try again after `Retry-After`. What was recorded already is recognized as a repeat.",
  },
};
