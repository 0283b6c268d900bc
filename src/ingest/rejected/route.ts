/** `/v1/rejected`: what providers sent and we could not read; listed, read, replayed after a fix, deleted. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../../http/auth.ts";
import type { AppEnvironment } from "../../http/context.ts";
import { pageOf } from "../../http/page.ts";
import { problem } from "../../http/problem.ts";
import { readList } from "../../http/query.ts";
import { report } from "../../log/report.ts";
import { type Principal, seesSource } from "../../model/access.ts";
import type { RecordOutcome } from "../../model/record.ts";
import { fail, type Result, succeed } from "../../model/result.ts";
import { findProvider } from "../../providers/index.ts";
import type { Provider } from "../../providers/provider.ts";
import { loadSource } from "../../sources/store.ts";
import { publicAddress } from "../address.ts";
import { type Intake, notRecorded, takeIn } from "../intake.ts";
import { recordAll } from "../store.ts";
import { bodyOf, showRejected, showSummary } from "./show.ts";
import {
  deleteRejected,
  findRejected,
  listRejected,
  positionSchema,
  type Rejected,
  updateFault,
} from "./store.ts";

export const rejectedRoutes = new Hono<AppEnvironment>();

const listQuerySchema = z.strictObject({ source: z.optional(z.string()) });

rejectedRoutes.get("/rejected", requireScope("sources:read"), async (context) => {
  const list = readList(context.req.url, positionSchema, listQuerySchema);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after, filters } = list.value;
  const sources = sourcesAskedFor(context.get("principal"), filters.source);
  const rows = await listRejected(context.env, sources, after, limit);
  return context.json(pageOf(rows, limit, (row) => [row.first_received_at, row.id], showSummary));
});

rejectedRoutes.get("/rejected/:id", requireScope("sources:read"), async (context) => {
  const found = await visibleRejected(context, context.req.param("id"));
  return found.ok ? context.json(showRejected(found.value)) : problem(context, found.failure);
});

rejectedRoutes.delete("/rejected/:id", requireScope("sources:write"), async (context) => {
  const found = await visibleRejected(context, context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  await deleteRejected(context.env, found.value.id);
  return context.body(null, 204);
});

rejectedRoutes.post("/rejected/:id/replay", requireScope("sources:write"), async (context) => {
  const found = await visibleRejected(context, context.req.param("id"));
  if (!found.ok) return problem(context, found.failure);
  const replayed = await replay(context, found.value);
  if (!replayed.ok) return problem(context, replayed.failure);
  await deleteRejected(context.env, found.value.id);
  return context.json({ status: "ok", ...replayed.value });
});

/** Null: all there are. A source that the key may not know of is one that has nothing. */
function sourcesAskedFor(principal: Principal, source: string | undefined): readonly string[] | null {
  if (source === undefined) return principal.sources;
  return seesSource(principal, source) ? [source] : [];
}

async function visibleRejected(context: Context<AppEnvironment>, id: string): Promise<Result<Rejected>> {
  const rejected = await findRejected(context.env, id);
  if (rejected === null || !seesSource(context.get("principal"), rejected.source)) {
    return fail({ kind: "notFound", detail: "There is no such rejected webhook." });
  }
  return succeed(rejected);
}

/** The way that the webhook went when it came, from where it had proved itself. What is still bad stays kept. */
async function replay(context: Context<AppEnvironment>, rejected: Rejected): Promise<Result<RecordOutcome>> {
  const provider = await providerForReplay(context.env, rejected);
  if (!provider.ok) return provider;
  const calledUrl = new URL(`/in/${rejected.source}${rejected.query}`, context.req.url).href;
  const webhook = {
    method: rejected.method,
    url: publicAddress(context.env.PUBLIC_URL, calledUrl),
    headers: new Map(rejected.headers),
    body: bodyOf(rejected),
  };
  let intake: Intake;
  try {
    intake = await takeIn(rejected.source, provider.value, webhook, (requests) =>
      recordAll(context.env, requests),
    );
  } catch (error) {
    report("rejected.replayFailed", { source: rejected.source, error });
    return fail(notRecorded);
  }
  const fault = intake.kind === "ignored" ? null : intake.fault;
  if (fault !== null) {
    await updateFault(context.env, rejected.id, fault);
    return fail({ kind: "invalid", detail: fault.reason, issues: fault.issues });
  }
  return succeed(intake.kind === "recorded" ? intake.outcome : { recorded: 0, repeated: 0, overflowed: 0 });
}

async function providerForReplay(env: Env, rejected: Rejected): Promise<Result<Provider>> {
  if (rejected.body_kept_bytes < rejected.body_bytes) {
    return fail({
      kind: "conflict",
      detail: "The webhook was too long to be kept whole, so it cannot be replayed.",
    });
  }
  const settings = await loadSource(env, rejected.source, { fresh: true });
  const provider = settings === null ? null : findProvider(settings.provider);
  if (settings?.status !== "active" || provider === null) {
    return fail({ kind: "conflict", detail: "Its source is deleted or inactive." });
  }
  return succeed(provider);
}
