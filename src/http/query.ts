/** Query parameters as a route reads them: one with an empty value asks for nothing, as if it were not there. */
import type { Context } from "hono";
import type { AppEnvironment } from "./context.ts";

export function readQuery(context: Context<AppEnvironment>): Record<string, string> {
  return Object.fromEntries(Object.entries(context.req.query()).filter(([, value]) => value !== ""));
}
