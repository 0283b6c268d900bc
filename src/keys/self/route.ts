/** `GET /v1/me`: what the presented key may do, so that a page can offer that and nothing else. Any key may ask. */
import { Hono } from "hono/tiny";
import type { AppEnvironment } from "../../http/context.ts";

export const selfRoutes = new Hono<AppEnvironment>();

selfRoutes.get("/me", (context) => {
  const { keyId, scopes, sources, expiresAtMs } = context.get("principal");
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs).toISOString();
  return context.json({ keyId, scopes, sources, expiresAt });
});
