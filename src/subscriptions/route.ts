/** `/v1/subscriptions`: endpoints that get events, as their owners make, change and try them. */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../http/auth.ts";
import { readJson, readOptionalJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { pageOf } from "../http/page.ts";
import { problem } from "../http/problem.ts";
import { readList } from "../http/query.ts";
import { type Failure, invalid } from "../model/failure.ts";
import { subscriptionStatuses } from "../model/subscriptionWords.ts";
import { logRoutes } from "./log/route.ts";
import {
  changeSubscription,
  createSubscription,
  findSubscription,
  findTargetFault,
  removeSubscription,
  rotateSecret,
} from "./management/store.ts";
import { renderPayload } from "./rendering.ts";
import { replayRoutes } from "./replays/route.ts";
import { changeSchema, createSchema, rotateSchema, withDefaultEffects } from "./request.ts";
import { listSubscriptions } from "./settings/store.ts";
import { callObject, splitByShard } from "./store.ts";
import { notActive, showSubscription } from "./subscription.ts";
import { makeTestEvent } from "./testEvent.ts";

export const subscriptionRoutes = new Hono<AppEnvironment>();

subscriptionRoutes.route("/", logRoutes);
subscriptionRoutes.route("/", replayRoutes);

subscriptionRoutes.post("/subscriptions", requireScope("subscriptions:write"), async (context) => {
  const body = await readJson(context.req.raw, createSchema);
  if (!body.ok) return problem(context, body.failure);
  const fault = await findTargetFault(context.env, body.value.url, context.req.url, "url");
  if (fault !== null) return problem(context, fault);
  const request = { ...body.value, filter: withDefaultEffects(body.value.filter) };
  const created = await createSubscription(context.env, context.get("principal"), request, null);
  if (!created.ok) return problem(context, created.failure);
  const { subscription, signingSecret } = created.value;
  const location = `/v1/subscriptions/${subscription.id}`;
  return context.json({ ...showSubscription(subscription), signingSecret }, 201, { Location: location });
});

const listQuerySchema = z.strictObject({ status: z.optional(z.enum(subscriptionStatuses)) });
const positionSchema = z.strictObject({ createdAt: z.string(), id: z.string() });

subscriptionRoutes.get("/subscriptions", requireScope("subscriptions:read"), async (context) => {
  const list = readList(context.req.url, positionSchema, listQuerySchema);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after, filters } = list.value;
  const rows = await listSubscriptions(context.env, {
    sources: context.get("principal").sources,
    status: filters.status ?? null,
    scenarios: false,
    after,
    limit: limit + 1,
  });
  const page = pageOf(rows, limit, ({ createdAt, id }) => ({ createdAt, id }), showSubscription);
  return context.json(page);
});

subscriptionRoutes.get("/subscriptions/:id", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  return found.ok ? context.json(showSubscription(found.value)) : problem(context, found.failure);
});

subscriptionRoutes.patch("/subscriptions/:id", requireScope("subscriptions:write"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const body = await readJson(context.req.raw, changeSchema);
  if (!body.ok) return problem(context, body.failure);
  const { url, format } = body.value;
  if (found.value.scenario !== null && url !== undefined) return problem(context, ofScenario("url"));
  if (found.value.scenario !== null && format !== undefined) return problem(context, ofScenario("format"));
  const fault = url === undefined ? null : await findTargetFault(context.env, url, context.req.url, "url");
  if (fault !== null) return problem(context, fault);
  const changed = await changeSubscription(context.env, context.get("principal"), found.value.id, body.value);
  return changed.ok ? context.json(showSubscription(changed.value)) : problem(context, changed.failure);
});

subscriptionRoutes.delete("/subscriptions/:id", requireScope("subscriptions:write"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  await removeSubscription(context.env, found.value);
  return context.body(null, 204);
});

subscriptionRoutes.post("/subscriptions/:id/rotate", requireScope("subscriptions:write"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const body = await readOptionalJson(context.req.raw, rotateSchema);
  if (!body.ok) return problem(context, body.failure);
  const rotated = await rotateSecret(
    context.env,
    context.get("principal"),
    found.value.id,
    body.value.overlapSeconds,
  );
  if (!rotated.ok) return problem(context, rotated.failure);
  const { subscription, signingSecret } = rotated.value;
  return context.json({ ...showSubscription(subscription), signingSecret });
});

subscriptionRoutes.post("/subscriptions/:id/test", requireScope("subscriptions:write"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const subscription = found.value;
  if (subscription.status !== "active") return problem(context, notActive);
  const eventId = `evt_${crypto.getRandomValues(new Uint8Array(16)).toHex()}`;
  const event = makeTestEvent(subscription, eventId, Date.now());
  if (renderPayload(subscription, JSON.stringify(event)) === null) return problem(context, notSaid);
  const [share] = splitByShard(subscription, [event]);
  if (share === undefined) throw new Error("an event belongs to no shard");
  const [delivery] = await callObject(context.env, subscription.id, share.shard, async (object) => {
    await object.accept(share);
    return object.find(share.deliveries, subscription.sources);
  });
  if (delivery === undefined) return problem(context, notActive);
  const location = `/v1/subscriptions/${subscription.id}/deliveries/${eventId}`;
  return context.json(delivery, 202, { Location: location });
});

function ofScenario(path: string): Failure {
  return invalid(path, "is set by the scenario that was imported; import it again to change it");
}

const notSaid: Failure = {
  kind: "conflict",
  detail: "The conditions of this scenario do not hold for a test event.",
};
