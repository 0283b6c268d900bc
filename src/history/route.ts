/** Reads: lists and search of messages, one message from its own object, and the funnel of a group. */
import { Hono } from "hono/tiny";
import { requireScope } from "../http/auth.ts";
import type { AppEnvironment } from "../http/context.ts";
import { pageOf } from "../http/page.ts";
import { problem } from "../http/problem.ts";
import { namesTag } from "../http/tag.ts";
import { readList } from "../http/query.ts";
import { seesSource } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import { feedObjectName, messageObjectName } from "../model/record.ts";
import { funnelOf } from "./funnel.ts";
import { listQuerySchema, positionSchema } from "./query.ts";
import { countGroup, listMessages } from "./store.ts";

export const messageRoutes = new Hono<AppEnvironment>();

const noMessage: Failure = { kind: "notFound", detail: "There is no such message." };
const noGroup: Failure = { kind: "notFound", detail: "There is no such group." };

messageRoutes.get("/messages", requireScope("messages:read"), async (context) => {
  const list = readList(context.req.url, positionSchema, listQuerySchema);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after, filters } = list.value;
  // Before the rows: whoever follows the feed from here misses nothing that the rows do not show yet.
  const cursor = await context.env.FEED.getByName(feedObjectName).head();
  const { sources } = context.get("principal");
  const rows = await listMessages(context.env.DB, filters, sources, after, limit);
  const page = pageOf(
    rows,
    limit,
    ({ lastReceivedAt, source, messageId }) => ({ lastReceivedAt, source, messageId }),
    (row) => row,
  );
  return context.json({ ...page, cursor });
});

messageRoutes.get("/messages/:source/:messageId", requireScope("messages:read"), async (context) => {
  const { source, messageId } = context.req.param();
  if (!seesSource(context.get("principal"), source)) return problem(context, noMessage);
  const message = await context.env.MESSAGE.getByName(messageObjectName(source, messageId)).read();
  if (message === null) return problem(context, noMessage);
  const tag = `W/"${message.version}"`;
  if (namesTag(context.req.header("If-None-Match"), tag)) return context.body(null, 304, { ETag: tag });
  return context.json(message, 200, { ETag: tag });
});

messageRoutes.get("/groups/:source/:group", requireScope("messages:read"), async (context) => {
  const { source, group } = context.req.param();
  if (!seesSource(context.get("principal"), source)) return problem(context, noGroup);
  const rows = await countGroup(context.env.DB, source, group);
  if (rows.length === 0) return problem(context, noGroup);
  return context.json({ source, group, ...funnelOf(rows) });
});
