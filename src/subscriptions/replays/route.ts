/** `/v1/subscriptions/{id}/replay`: sending a stretch of time again, as a job that can be followed. */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../../http/auth.ts";
import { readJson } from "../../http/body.ts";
import type { AppEnvironment } from "../../http/context.ts";
import { pageOf } from "../../http/page.ts";
import { problem } from "../../http/problem.ts";
import { noFilters, readList } from "../../http/query.ts";
import type { Failure } from "../../model/failure.ts";
import * as limits from "../../model/limits.ts";
import type { Replay } from "../../model/subscription.ts";
import { findSubscription } from "../management/store.ts";
import { replaySchema } from "../request.ts";
import { callObject } from "../store.ts";
import { newJob, showJob } from "./store.ts";

/** The object that walks along the events for all of a subscription's objects. */
const leader = 0;

export const replayRoutes = new Hono<AppEnvironment>();

replayRoutes.post("/subscriptions/:id/replay", requireScope("subscriptions:write"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const body = await readJson(context.req.raw, replaySchema);
  if (!body.ok) return problem(context, body.failure);
  const subscription = found.value;
  if (subscription.status !== "active") return problem(context, notActive);
  const job = newJob(body.value, Date.now());
  const isStarted = await callObject(context.env, subscription.id, leader, (object) =>
    object.startReplay(subscription, job),
  );
  if (!isStarted) return problem(context, tooMany);
  const location = `/v1/subscriptions/${subscription.id}/replays/${job.id}`;
  return context.json(showJob(subscription.id, job), 202, { Location: location });
});

replayRoutes.get("/subscriptions/:id/replays", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const list = readList(context.req.url, z.string(), noFilters);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after } = list.value;
  const jobs = await callObject(context.env, found.value.id, leader, (object) => object.listReplays());
  const rows = jobs.toReversed().filter((job) => after === null || placeOf(job) < after);
  return context.json(pageOf(rows, limit, placeOf, (job) => job));
});

replayRoutes.get("/subscriptions/:id/replays/:job", requireScope("subscriptions:read"), async (context) => {
  const found = await findSubscription(context.env, context.get("principal"), context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const jobs = await callObject(context.env, found.value.id, leader, (object) => object.listReplays());
  const job = jobs.find(({ id }) => id === context.req.param("job"));
  return job === undefined ? problem(context, noReplay) : context.json(job);
});

/** As the object sorts them. */
function placeOf({ createdAt, id }: Replay): string {
  return `${createdAt} ${id}`;
}

const tooMany: Failure = {
  kind: "conflict",
  detail: `At most ${limits.replaysRunningMax} replays of a subscription run at once: wait until one has ended.`,
};
const noReplay: Failure = { kind: "notFound", detail: "There is no such replay." };
const notActive: Failure = {
  kind: "conflict",
  detail: "The subscription is not active: activate it first, then replay what it missed.",
};
