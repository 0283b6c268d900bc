/** The composition root: mounts the routes, names the consumer and the crons, exports the objects. Nothing else. */
import { Hono } from "hono";
import { fanOut } from "./fanout/consumer.ts";
import { feedRoutes } from "./feed/route.ts";
import { messageRoutes } from "./history/route.ts";
import { authenticate } from "./http/auth.ts";
import type { AppEnvironment } from "./http/context.ts";
import { health, requireSecrets } from "./http/health.ts";
import { internalProblem, problem } from "./http/problem.ts";
import { rejectedRoutes } from "./ingest/rejected/route.ts";
import { ingestRoutes } from "./ingest/route.ts";
import { findPrincipal } from "./keys/store.ts";
import { keyRoutes } from "./keys/route.ts";
import { sourceRoutes } from "./sources/route.ts";
import { subscriptionRoutes } from "./subscriptions/route.ts";

export { FeedObject } from "./feed/object.ts";
export { MessageObject } from "./message/object.ts";
export { SubscriptionObject } from "./subscriptions/object.ts";

const app = new Hono<AppEnvironment>();

app.use(async (context, next) => {
  context.set("requestId", crypto.randomUUID());
  await next();
  context.res.headers.set("Request-Id", context.get("requestId"));
});
app.route("/in", ingestRoutes);
app.get("/health", health);
app.use("/v1/*", requireSecrets);
app.use("/v1/*", authenticate(findPrincipal));
app.route("/v1", sourceRoutes);
app.route("/v1", rejectedRoutes);
app.route("/v1", keyRoutes);
app.route("/v1", messageRoutes);
app.route("/v1", feedRoutes);
app.route("/v1", subscriptionRoutes);
app.notFound((context) =>
  problem(context, { kind: "notFound", detail: "There is nothing at this address." }),
);
app.onError((error, context) => {
  console.error(
    JSON.stringify({ line: "request.failed", requestId: context.get("requestId"), error: String(error) }),
  );
  return internalProblem(context);
});

export default {
  fetch: app.fetch,
  queue: fanOut,
} satisfies ExportedHandler<Env>;
