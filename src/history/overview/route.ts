/** What flows, what fails and why, over at most the last week. */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../../http/auth.ts";
import type { AppEnvironment } from "../../http/context.ts";
import { problem } from "../../http/problem.ts";
import { readQuery } from "../../http/query.ts";
import { invalid } from "../../model/failure.ts";
import { feedObjectName } from "../../model/record.ts";
import { instantSchema } from "../../model/text.ts";
import { isByHour, overviewOf } from "./overview.ts";
import { countActive, readCounts } from "./store.ts";

export const overviewRoutes = new Hono<AppEnvironment>();

const dayMs = 24 * 60 * 60 * 1000;
/** A minute of grace, so that "since seven days ago" still holds when it arrives. */
const spanMsMax = 7 * dayMs + 60_000;

const querySchema = z.strictObject({ since: z.optional(instantSchema) });

overviewRoutes.get("/overview", requireScope("messages:read"), async (context) => {
  const query = readQuery(context.req.url, querySchema);
  if (!query.ok) return problem(context, query.failure);
  const nowMs = Date.now();
  const { since: sinceMs = nowMs - dayMs } = query.value;
  if (sinceMs < nowMs - spanMsMax) return problem(context, invalid("since", "reaches back at most 7 days"));
  if (sinceMs > nowMs) return problem(context, invalid("since", "lies in the future"));
  const since = new Date(sinceMs).toISOString();
  const { sources, keyId } = context.get("principal");
  const { DB, FEED } = context.env;
  const [counts, active, openSockets] = await Promise.all([
    readCounts(DB, since, isByHour(nowMs - sinceMs), sources),
    countActive(DB, since, sources),
    // How many others watch is no matter of a bound key.
    FEED.getByName(feedObjectName).openSockets(sources === null ? null : keyId),
  ]);
  return context.json({
    ...overviewOf(counts, active, since, new Date(nowMs).toISOString()),
    openSockets,
  });
});
