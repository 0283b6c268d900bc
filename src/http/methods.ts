/** What an address answers to: for OPTIONS, and for the difference between "no such address" and "not in this way". */
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { AppEnvironment } from "./context.ts";
import { problem } from "./problem.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Says which methods there are, and nothing that would let a page of another origin in: CORS is closed. */
export function answerOptions(app: Hono<AppEnvironment>): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    if (context.req.method !== "OPTIONS") return next();
    const allow = allowedMethods(app, context);
    return allow.length === 0 ? next() : context.body(null, 204, { Allow: allow.join(", ") });
  };
}

export function refuseUnknown(app: Hono<AppEnvironment>): (context: Context<AppEnvironment>) => Response {
  return (context) => {
    const allow = allowedMethods(app, context);
    if (allow.length > 0) return problem(context, { kind: "methodNotAllowed", allow: allow.join(", ") });
    return problem(context, { kind: "notFound", detail: "There is nothing at this address." });
  };
}

function allowedMethods(app: Hono<AppEnvironment>, context: Context<AppEnvironment>): string[] {
  const known = methods.filter((method) => {
    const [handlers] = app.router.match(method, context.req.path);
    // Middleware stands there for every method.
    return handlers.some(([[, route]]) => route.method === method);
  });
  const withHead = known.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return known.length === 0 ? [] : [...withHead, "OPTIONS"];
}
