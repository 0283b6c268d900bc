/** The dashboard's pages: at each of their addresses stands the same document, which then draws the page itself. */
import type { Context } from "hono";
import type { AppEnvironment } from "./context.ts";

/** As in src/dashboard/pages.ts; the page at the root is a file, and never gets here. */
export const dashboardPaths = [
  "/groups/*",
  "/keys",
  "/messages/*",
  "/overview",
  "/rejected",
  "/rejected/*",
  "/sources",
  "/sources/*",
  "/subscriptions",
  "/subscriptions/*",
];

export async function dashboardPage(context: Context<AppEnvironment>): Promise<Response> {
  return context.env.ASSETS.fetch(new URL("/", context.req.url));
}
