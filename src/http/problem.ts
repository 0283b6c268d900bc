/** Failures as RFC 9457 problem documents: the only file that knows which failure is which HTTP status. */
import type { Context } from "hono";
import { boundedIssues } from "../model/issue.ts";
import { assertNever } from "../model/result.ts";
import type { Failure, Issue } from "../model/failure.ts";
import type { AppEnvironment } from "./context.ts";

type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 422 | 426 | 429 | 500 | 503;

interface Problem {
  readonly slug: string;
  readonly title: string;
  readonly status: ProblemStatus;
  readonly detail: string;
  readonly errors?: readonly Issue[];
  readonly headers?: Readonly<Record<string, string>>;
}

const unauthenticated: Problem = {
  slug: "unauthenticated",
  title: "Authentication required",
  status: 401,
  detail: "The credential is missing or wrong.",
  headers: { "WWW-Authenticate": "Bearer" },
};

const upgradeRequired: Problem = {
  slug: "upgrade-required",
  title: "WebSocket required",
  status: 426,
  detail: "This address speaks WebSocket only.",
  headers: { Upgrade: "websocket" },
};

export function problem(context: Context<AppEnvironment>, failure: Failure): Response {
  return render(context, describe(failure));
}

/** For bugs and infrastructure that threw: nothing of the cause leaves the house. */
export function internalProblem(context: Context<AppEnvironment>): Response {
  return render(context, {
    slug: "internal",
    title: "Internal error",
    status: 500,
    detail: "Something went wrong on our side. The request id finds it in the logs.",
  });
}

function render(context: Context<AppEnvironment>, { slug, headers, ...body }: Problem): Response {
  // A whole URI, so that it still leads somewhere after the document has been passed on.
  const origin = context.env.PUBLIC_URL.replace(/\/+$/, "") || new URL(context.req.url).origin;
  const type = `${origin}/docs/problems#${slug}`;
  const document = { type, ...body, instance: context.get("requestId") };
  return context.body(JSON.stringify(document), body.status, {
    "Content-Type": "application/problem+json",
    ...headers,
  });
}

function describe(failure: Failure): Problem {
  switch (failure.kind) {
    case "unauthenticated":
      return unauthenticated;
    case "forbidden":
      return { slug: "forbidden", title: "Not allowed", status: 403, detail: failure.detail };
    case "notFound":
      return { slug: "not-found", title: "Not found", status: 404, detail: failure.detail };
    case "methodNotAllowed":
      return {
        slug: "method-not-allowed",
        title: "Method not allowed",
        status: 405,
        detail: `This address answers ${failure.allow} only.`,
        headers: { Allow: failure.allow },
      };
    case "malformed":
      return { slug: "malformed", title: "Malformed request", status: 400, detail: failure.detail };
    case "invalid":
      return {
        slug: "invalid",
        title: "Invalid values",
        status: 422,
        detail: failure.detail,
        errors: boundedIssues(failure.issues),
      };
    case "conflict":
      return { slug: "conflict", title: "Conflict", status: 409, detail: failure.detail };
    case "gone":
      return { slug: "gone", title: "No longer available", status: 410, detail: failure.detail };
    case "tooLarge":
      return {
        slug: "too-large",
        title: "Body too large",
        status: 413,
        detail: `The body is over the limit of ${failure.limitBytes} bytes.`,
      };
    case "rateLimited":
      return {
        slug: "rate-limited",
        title: "Too many requests",
        status: 429,
        detail: "The rate limit is reached.",
        headers: { "Retry-After": String(failure.retryAfterSeconds) },
      };
    case "upgradeRequired":
      return upgradeRequired;
    case "unavailable":
      return {
        slug: "unavailable",
        title: "Temporarily unavailable",
        status: 503,
        detail: failure.detail,
        headers: { "Retry-After": String(failure.retryAfterSeconds) },
      };
    default:
      return assertNever(failure);
  }
}
