/** Whether this deployment can work at all: its secrets are in order and its database answers. */
import type { Context, MiddlewareHandler } from "hono";
import { version } from "../model/version.ts";
import { missingSecrets, secretCharactersMin } from "../secrets/required.ts";
import type { AppEnvironment } from "./context.ts";
import { problem } from "./problem.ts";
import { databaseAnswers } from "./store.ts";

const retryAfterSeconds = 30;

export async function health(context: Context<AppEnvironment>): Promise<Response> {
  const detail = secretsFault(context.env) ?? (await databaseFault(context.env));
  if (detail !== null) return problem(context, { kind: "unavailable", detail, retryAfterSeconds });
  return context.json({ status: "ok", version });
}

/** Before authentication: with a weak root key nobody can be told from anybody. */
export const requireSecrets: MiddlewareHandler<AppEnvironment> = async (context, next) => {
  const detail = secretsFault(context.env);
  if (detail !== null) return problem(context, { kind: "unavailable", detail, retryAfterSeconds });
  return next();
};

function secretsFault(env: Env): string | null {
  const names = missingSecrets(env);
  if (names.length === 0) return null;
  return `${names.join(" and ")} must be set, with at least ${secretCharactersMin} characters.`;
}

async function databaseFault(env: Env): Promise<string | null> {
  return (await databaseAnswers(env.DB)) ? null : "The database does not answer.";
}
