/** Who is asking: turns the presented key into a principal, and guards each route by its scope. */
import type { Context, MiddlewareHandler } from "hono";
import { holdsScope, type Principal, type Scope } from "../model/access.ts";
import type { AppEnvironment } from "./context.ts";
import { problem } from "./problem.ts";

/** Handed in by the composition root. */
export interface Keys {
  /** Looks a presented key up; null for an unknown, expired or revoked one. `fresh`: by nothing that is remembered. */
  readonly find: (env: Env, key: string, { fresh }: { readonly fresh: boolean }) => Promise<Principal | null>;
  /** The same read anew, for what one of the key's secrets opened or made; null once either is deleted or expired. */
  readonly findById: (env: Env, keyId: string, secretId: string | null) => Promise<Principal | null>;
  /** Remembers that a key was used, without letting the request wait. */
  readonly noteUse: (env: Env, context: Pick<ExecutionContext, "waitUntil">, keyId: string) => void;
}

export function authenticate(keys: Keys): MiddlewareHandler<AppEnvironment> {
  return async (context, next) => {
    const key = presentedKey(context);
    // What was read cannot be taken back either; what is done, made or deleted lasts.
    const fresh = context.req.method !== "GET" && context.req.method !== "HEAD";
    const principal = key === null ? null : await keys.find(context.env, key, { fresh });
    if (principal === null) return problem(context, { kind: "unauthenticated" });
    keys.noteUse(context.env, context.executionCtx, principal.keyId);
    context.set("principal", principal);
    await next();
    return keepPrivate(context);
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

/** What was answered to one key is for no cache that others share; with a tag it may be asked for again. */
function keepPrivate(context: Context<AppEnvironment>): void {
  const { headers } = context.res;
  if (headers.has("Cache-Control")) return;
  context.header("Cache-Control", headers.has("ETag") ? "private, no-cache" : "no-store");
}

/** Both headers may stand there, if they say the same; two different keys are nobody's. */
export function presentedKey(context: Context<AppEnvironment>): string | null {
  const authorization = context.req.header("Authorization");
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? null;
  const header = context.req.header("X-API-Key") ?? null;
  if (authorization !== undefined && bearer === null) return null;
  if (bearer !== null && header !== null && bearer !== header) return null;
  return bearer ?? header;
}
