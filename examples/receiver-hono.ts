/**
 * Receives webhooks with Hono, on Workers, Deno, Bun or Node: `export default app` is all that most of them ask for.
 *
 * Then: POST /v1/subscriptions { "url": "https://<where it runs>/hook" }
 */
import { Hono } from "hono";
import { verifyWebhook } from "tickline/webhook";

interface Bindings {
  readonly SIGNING_SECRET: string;
}

/** Yours would be a table with a unique key: the same event can come twice. */
const handled = new Set<string>();

export const app = new Hono<{ Bindings: Bindings }>();

app.post("/hook", async (context) => {
  const webhook = await verifyWebhook({
    secret: context.env.SIGNING_SECRET,
    headers: context.req.raw.headers,
    body: await context.req.text(),
  });
  if (!webhook.ok) return context.text(webhook.reason, 401);
  if (!handled.has(webhook.id)) {
    console.log("event", webhook.id, JSON.stringify(webhook.body));
    handled.add(webhook.id);
  }
  // After the work: what is answered 2xx never comes again.
  return context.body(null, 204);
});
