/** Who is asking: turns the presented key into a principal, and guards each route by its scope. */
import type { Context, MiddlewareHandler } from "hono";
import { holdsScope, type Principal, type Scope } from "../model/access.ts";
import type { AppEnvironment } from "./context.ts";
import { problem } from "./problem.ts";

/** Looks a presented key up; null for an unknown, expired or revoked one. Handed in by the composition root. */
export type FindPrincipal = (env: Env, key: string) => Promise<Principal | null>;

export function authenticate(findPrincipal: FindPrincipal): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    const key = presentedKey(context);
    const principal = key === null ? null : await findPrincipal(context.env, key);
    if (principal === null) return problem(context, { kind: "unauthenticated" });
    context.set("principal", principal);
    return next();
  };
}

export function requireScope(scope: Scope): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    if (!holdsScope(context.get("principal"), scope)) {
      return problem(context, { kind: "forbidden", detail: `This needs the scope ${scope}.` });
    }
    return next();
  };
}

/** Both headers may stand there, if they say the same; two different keys are nobody's. */
function presentedKey(context: Context<AppEnvironment>): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(context.req.header("Authorization") ?? "")?.[1] ?? null;
  const header = context.req.header("X-API-Key") ?? null;
  if (context.req.header("Authorization") !== undefined && bearer === null) return null;
  if (bearer !== null && header !== null && bearer !== header) return null;
  return bearer ?? header;
}
