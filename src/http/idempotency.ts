/**
 * `Idempotency-Key`: a creating request that is sent again gets the answer of the first one, for 24 hours.
 *
 * The key counts for one asker and one address. Only what has succeeded is kept; a refused request may be mended
 * and sent again under the same key.
 */
import type { Context, MiddlewareHandler } from "hono";
import { report } from "../log/report.ts";
import { invalid } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { deriveMacKey } from "../secrets/derive.ts";
import { readBytes } from "./body.ts";
import type { AppEnvironment } from "./context.ts";
import { problem } from "./problem.ts";
import { type Answer, claim, forgetOldAnswers, keepAnswer, releaseClaim } from "./store.ts";

const keyForm = /^[\u0021-\u007e]+$/;
/** Of the answer's headers, those that belong to what was created and not to this one exchange. */
const keptHeaders = ["Content-Type", "Location"];

/** For every POST that comes after `authenticate`. */
export const honourIdempotencyKey: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const key = context.req.header("Idempotency-Key");
  if (key === undefined || context.req.method !== "POST") return next();
  if (!keyForm.test(key) || key.length > limits.idempotencyKeyCharactersMax) {
    return problem(context, invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters"));
  }
  const body = await readBytes(context.req.raw, limits.managementBodyBytesMax);
  if (!body.ok) return problem(context, body.failure);
  // The route reads the body once more.
  context.req.raw = new Request(context.req.raw, { method: "POST", body: body.value });
  const id = await idOf(context, key);
  const claimed = await claim(context.env, id, await fingerprintOf(context.env, body.value));
  switch (claimed.kind) {
    case "first":
      await next();
      return settle(context, id);
    case "answered":
      return repeat(claimed.answer);
    case "atWork":
      return problem(context, {
        kind: "conflict",
        detail:
          "The first request with this Idempotency-Key is still at work. Send this one again in a while.",
      });
    case "different":
      return problem(context, invalid("Idempotency-Key", "was used before with another body"));
  }
};

/** The request is done whatever happens here: an answer that can't be kept is still the answer. */
async function settle(context: Context<AppEnvironment>, id: string): Promise<void> {
  const { env, res } = context;
  try {
    if (res.ok) await keepAnswer(env, id, await answerOf(res));
    else await releaseClaim(env, id);
  } catch (error) {
    report("idempotency.unsettled", { requestId: context.get("requestId"), error });
  }
  context.executionCtx.waitUntil(forgetOldAnswers(env));
}

async function answerOf(response: Response): Promise<Answer> {
  const headers = keptHeaders.flatMap((name): [string, string][] => {
    const value = response.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { status: response.status, headers, body: await response.clone().text() };
}

function repeat({ status, headers, body }: Answer): Response {
  const hasBody = status !== 204;
  return new Response(hasBody ? body : null, {
    status,
    headers: [...headers, ["Idempotency-Replayed", "true"]],
  });
}

async function idOf(context: Context<AppEnvironment>, key: string): Promise<string> {
  const scope = JSON.stringify([context.get("principal").keyId, new URL(context.req.url).pathname, key]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(scope));
  return new Uint8Array(digest).toHex();
}

/** Keyed, since a body may hold a secret that is short enough to be guessed from a plain hash. */
async function fingerprintOf(env: Env, body: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await deriveMacKey(env.ENCRYPTION_KEY, "idempotency/v1");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, body)).toHex();
}
