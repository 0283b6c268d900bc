/** What became of deliveries: of one subscription, or of one message for all subscriptions. */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../../http/auth.ts";
import type { AppEnvironment } from "../../http/context.ts";
import { pageOf } from "../../http/page.ts";
import { problem } from "../../http/problem.ts";
import { noFilters, readList, readQuery } from "../../http/query.ts";
import { seesSource } from "../../model/access.ts";
import type { Failure } from "../../model/failure.ts";
import * as limits from "../../model/limits.ts";
import { inParallel } from "../../model/parallel.ts";
import { messageObjectName } from "../../model/record.ts";
import type { Delivery } from "../../model/subscription.ts";
import { deliveryStates } from "../../model/subscriptionWords.ts";
import { instantSchema } from "../../model/text.ts";
import { findSubscription } from "../management/store.ts";
import { readAllSubscriptions } from "../settings/store.ts";
import { callAllObjects, throwIfAnyFailed } from "../store.ts";
import { mayKnowOf, notActive } from "../subscription.ts";
import { summarize } from "./figures.ts";

export const logRoutes = new Hono<AppEnvironment>();

const statsPeriodMs = 24 * 60 * 60 * 1_000;
const statsQuerySchema = z.strictObject({ since: z.optional(instantSchema) });
const listQuerySchema = z.strictObject({
  state: z.optional(z.enum(deliveryStates)),
  event: z.optional(z.string()),
  since: z.optional(instantSchema),
});
const positionSchema = z.strictObject({ receivedAtMs: z.number(), eventId: z.string() });
const messagePositionSchema = z.strictObject({
  receivedAt: z.string(),
  event: z.string(),
  subscription: z.string(),
});

logRoutes.get("/subscriptions/:id/stats", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const query = readQuery(context.req.url, statsQuerySchema);
  if (!query.ok) return problem(context, query.failure);
  const sinceMs = query.value.since ?? Date.now() - statsPeriodMs;
  const { sources } = found.value;
  const shards = await callAllObjects(context.env, found.value, (object) => object.figures(sinceMs, sources));
  return context.json(summarize(shards, sinceMs));
});

logRoutes.get("/subscriptions/:id/deliveries", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const list = readList(context.req.url, positionSchema, listQuerySchema);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after, filters } = list.value;
  const { state = null, event: eventId = null, since: sinceMs = null } = filters;
  const { sources } = found.value;
  const asked = { state, eventId, sinceMs, sources, after, limit: limit + 1 };
  const shards = await callAllObjects(context.env, found.value, (object) => object.list(asked));
  const rows = shards
    .flat()
    .toSorted(newestFirst)
    .slice(0, limit + 1);
  return context.json(pageOf(rows, limit, positionOf, (row) => row));
});

logRoutes.get("/subscriptions/:id/deliveries/:event", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const asked = { ...anyDelivery, eventId: context.req.param("event"), sources: found.value.sources };
  const shards = await callAllObjects(context.env, found.value, (object) => object.list(asked));
  const [delivery] = shards.flat();
  return delivery === undefined ? problem(context, noDelivery) : context.json(delivery);
});

logRoutes.post(
  "/subscriptions/:id/deliveries/:event/retry",
  requireScope("subscriptions:write"),
  async (context) => {
    const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
    if (!found.ok) return problem(context, found.failure);
    if (found.value.status !== "active") return problem(context, notActive);
    const eventId = context.req.param("event");
    const { sources } = found.value;
    const shards = await callAllObjects(context.env, found.value, (object) => object.retry(eventId, sources));
    const delivery = shards.find((retried) => retried !== null);
    return delivery === undefined ? problem(context, noDelivery) : context.json(delivery, 202);
  },
);

logRoutes.get(
  "/messages/:source/:messageId/deliveries",
  requireScope("subscriptions:read"),
  async (context) => {
    const list = readList(context.req.url, messagePositionSchema, noFilters);
    if (!list.ok) return problem(context, list.failure);
    const { limit, after } = list.value;
    const { source, messageId } = context.req.param();
    const principal = context.get("principal");
    if (!seesSource(principal, source)) return problem(context, noMessage);
    const message = await context.env.MESSAGE.getByName(messageObjectName(source, messageId)).read();
    if (message === null) return problem(context, noMessage);
    const keys = message.history.map(({ id, receivedAt }) => ({
      eventId: id,
      receivedAtMs: Date.parse(receivedAt),
    }));
    const subscriptions = (await readAllSubscriptions(context.env)).filter((subscription) =>
      mayKnowOf(principal.sources, subscription),
    );
    const outcomes = await inParallel(subscriptions, limits.parallelCallsMax, (subscription) =>
      callAllObjects(context.env, subscription, (object) => object.find(keys, subscription.sources)),
    );
    throwIfAnyFailed(outcomes);
    const all = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value.flat() : []));
    const rows = all
      .toSorted(newestFirst)
      .filter((row) => after === null || newestFirst(after, row) < 0)
      .slice(0, limit + 1);
    return context.json(pageOf(rows, limit, placeOf, (row) => row));
  },
);

type Place = Pick<Delivery, "receivedAt" | "event" | "subscription">;

function placeOf({ receivedAt, event, subscription }: Delivery): Place {
  return { receivedAt, event, subscription };
}

/** As the objects order theirs, then by subscription. */
function newestFirst(left: Place, right: Place): number {
  return (
    compare(right.receivedAt, left.receivedAt) ||
    compare(right.event, left.event) ||
    compare(left.subscription, right.subscription)
  );
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function positionOf({ receivedAt, event }: Delivery) {
  return { receivedAtMs: Date.parse(receivedAt), eventId: event };
}

const anyDelivery = { state: null, sinceMs: null, after: null, limit: 1 };
const noDelivery: Failure = { kind: "notFound", detail: "There is no delivery of this event here." };
const noMessage: Failure = { kind: "notFound", detail: "There is no such message." };
