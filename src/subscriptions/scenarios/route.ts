/** `/server/api/v2/scenarios`: Texter's import, and what its users then do with what they imported. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../../http/auth.ts";
import { readJson } from "../../http/body.ts";
import type { AppEnvironment } from "../../http/context.ts";
import { pageOf } from "../../http/page.ts";
import { problem } from "../../http/problem.ts";
import { noFilters, readList } from "../../http/query.ts";
import { holdsScope } from "../../model/access.ts";
import type { Failure } from "../../model/failure.ts";
import { jsonSchema } from "../../model/json.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import {
  changeSubscription,
  createSubscription,
  findSubscription,
  findTargetFault,
  removeSubscription,
} from "../management/store.ts";
import { createSchema } from "../request.ts";
import { listSubscriptions } from "../settings/store.ts";
import type { Subscription } from "../subscription.ts";
import { parseImport, requestOf } from "./parse.ts";
import { scenarioStatuses } from "./render.ts";
import { showScenario, splitHeaders } from "./view.ts";

export const scenarioRoutes = new Hono<AppEnvironment>();

scenarioRoutes.post("/scenarios/manage/import", requireScope("subscriptions:write"), async (context) => {
  const body = await readJson(context.req.raw, jsonSchema);
  if (!body.ok) return problem(context, body.failure);
  const imported = parseImport(body.value);
  if (!imported.ok) return problem(context, imported.failure);
  const principal = context.get("principal");
  const { scenario, asStatus, authorUid } = imported.value;
  if (authorUid !== null && !holdsScope(principal, "subscriptions:impersonate")) {
    return problem(context, notForOthers);
  }
  const { url } = requestOf(scenario);
  const fault = await findTargetFault(context.env, url, context.req.url, "data.actions[0].params.url");
  if (fault !== null) return problem(context, fault);
  const { data, headers } = splitHeaders(imported.value.data);
  const request = {
    ...createSchema.parse({ url, name: scenario.name, format: "texter" }),
    status: asStatus === "active" ? ("active" as const) : ("inactive" as const),
    filter: { statuses: [...scenarioStatuses], effects: [] },
    headers: { ...headers },
  };
  const stored = { data, authorUid, draft: asStatus === "draft" };
  const created = await createSubscription(context.env, principal, request, stored);
  if (!created.ok) return problem(context, created.failure);
  const { subscription, signingSecret } = created.value;
  const location = `/server/api/v2/scenarios/${subscription.id}`;
  return context.json({ ...showScenario(subscription), signingSecret }, 201, { Location: location });
});

const positionSchema = z.strictObject({ createdAt: z.string(), id: z.string() });

scenarioRoutes.get("/scenarios", requireScope("subscriptions:read"), async (context) => {
  const list = readList(context.req.url, positionSchema, noFilters);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after } = list.value;
  const rows = await listSubscriptions(context.env, {
    sources: context.get("principal").sources,
    status: null,
    scenarios: true,
    after,
    limit: limit + 1,
  });
  return context.json(pageOf(rows, limit, ({ createdAt, id }) => ({ createdAt, id }), showScenario));
});

scenarioRoutes.get("/scenarios/:id", requireScope("subscriptions:read"), async (context) => {
  const found = await findScenario(context);
  return found.ok ? context.json(showScenario(found.value)) : problem(context, found.failure);
});

scenarioRoutes.delete("/scenarios/:id", requireScope("subscriptions:write"), async (context) => {
  const found = await findScenario(context);
  if (!found.ok) return problem(context, found.failure);
  await removeSubscription(context.env, found.value);
  return context.body(null, 204);
});

scenarioRoutes.post("/scenarios/:id/activate", requireScope("subscriptions:write"), (context) =>
  setStatus(context, "active"),
);

scenarioRoutes.post("/scenarios/:id/inactivate", requireScope("subscriptions:write"), (context) =>
  setStatus(context, "inactive"),
);

async function setStatus(context: Context<AppEnvironment>, status: "active" | "inactive"): Promise<Response> {
  const found = await findScenario(context);
  if (!found.ok) return problem(context, found.failure);
  const changed = await changeSubscription(context.env, context.get("principal"), found.value.id, { status });
  return changed.ok ? context.json(showScenario(changed.value)) : problem(context, changed.failure);
}

async function findScenario(context: Context<AppEnvironment>): Promise<Result<Subscription>> {
  const id = context.req.param("id") ?? "";
  const found = await findSubscription(context.env, context.get("principal"), id);
  return found.ok && found.value.scenario !== null ? succeed(found.value) : fail(noScenario);
}

const noScenario: Failure = { kind: "notFound", detail: "There is no such scenario." };
const notForOthers: Failure = {
  kind: "forbidden",
  detail: "To name an authorUid this needs the scope subscriptions:impersonate.",
};
