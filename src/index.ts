/** The composition root: mounts the routes, names the consumer and the crons, exports the objects. Nothing else. */
import { Hono } from "hono/tiny";
import { eraseLatecomers } from "./erasure/consumer.ts";
import { erasureRoutes } from "./erasure/route.ts";
import { fanOut, reportDead } from "./fanout/consumer.ts";
import { feedRoutes, streamRoutes } from "./feed/route.ts";
import { rollUpMinutes } from "./history/overview/consumer.ts";
import { overviewRoutes } from "./history/overview/route.ts";
import { expireOld, expireTraces } from "./history/retention/consumer.ts";
import { messageRoutes } from "./history/route.ts";
import { authenticate, type Keys } from "./http/auth.ts";
import type { AppEnvironment } from "./http/context.ts";
import { dashboardPage, dashboardPaths } from "./http/dashboard.ts";
import { health, requireSecrets } from "./http/health.ts";
import { honourIdempotencyKey } from "./http/idempotency.ts";
import { answerOptions, refuseUnknown } from "./http/methods.ts";
import { internalProblem } from "./http/problem.ts";
import { expireRejected } from "./ingest/rejected/consumer.ts";
import { rejectedRoutes } from "./ingest/rejected/route.ts";
import { ingestRoutes } from "./ingest/route.ts";
import { keyRoutes } from "./keys/route.ts";
import { selfRoutes } from "./keys/self/route.ts";
import { findPrincipal, findPrincipalById, noteKeyUse } from "./keys/store.ts";
import { report, runCron } from "./log/report.ts";
import { sourceRoutes } from "./sources/route.ts";
import { sourceExists } from "./sources/store.ts";
import { subscriptionRoutes } from "./subscriptions/route.ts";
import { scenarioRoutes } from "./subscriptions/scenarios/route.ts";
import { watchSources } from "./watch/consumer.ts";

export { FeedObject } from "./feed/object.ts";
export { MessageObject } from "./message/object.ts";
export { SubscriptionObject } from "./subscriptions/object.ts";

const app = new Hono<AppEnvironment>();
const keys: Keys = { find: findPrincipal, findById: findPrincipalById, noteUse: noteKeyUse };

app.use(async (context, next) => {
  context.set("requestId", crypto.randomUUID());
  await next();
  // An accepted socket has no headers left to set.
  if (context.res.status !== 101) context.header("Request-Id", context.get("requestId"));
});
app.use(answerOptions(app));
app.route("/in", ingestRoutes);
app.get("/health", health);
for (const path of dashboardPaths) app.get(path, dashboardPage);
const guarded = ["/v1/*", "/server/api/v2/*"];
for (const path of guarded) app.use(path, requireSecrets);
app.route("/v1", streamRoutes({ keys, sourceExists }));
for (const path of guarded) app.use(path, authenticate(keys), honourIdempotencyKey);
app.route("/v1", sourceRoutes);
app.route("/v1", rejectedRoutes);
app.route("/v1", keyRoutes);
app.route("/v1", selfRoutes);
app.route("/v1", messageRoutes);
app.route("/v1", overviewRoutes);
app.route("/v1", erasureRoutes);
app.route("/v1", feedRoutes);
app.route("/v1", subscriptionRoutes);
app.route("/server/api/v2", scenarioRoutes);
app.notFound(refuseUnknown(app));
app.onError((error, context) => {
  report("request.failed", { requestId: context.get("requestId"), error });
  return internalProblem(context);
});

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    if (batch.queue.endsWith("-dead")) reportDead(batch);
    else await fanOut(batch, env);
  },
  async scheduled(controller, env) {
    const everyMinute = [rollUpMinutes, expireOld, eraseLatecomers];
    const everyHour = [watchSources, expireTraces, expireRejected];
    await runCron(controller, env, controller.cron === "* * * * *" ? everyMinute : everyHour);
  },
} satisfies ExportedHandler<Env>;
