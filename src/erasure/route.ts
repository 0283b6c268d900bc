/** Erasure on demand: one message, or all of one recipient. */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../http/auth.ts";
import { readJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { problem } from "../http/problem.ts";
import { keepRequest, messagesOfRequest } from "../history/erasure/store.ts";
import { eraseRejectedMentioning } from "../ingest/rejected/store.ts";
import { seesSource } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { textUpTo } from "../model/text.ts";
import { eraseMessages, idsOf } from "./store.ts";

export const erasureRoutes = new Hono<AppEnvironment>();

const noMessage: Failure = { kind: "notFound", detail: "There is no such message." };
const stillMoving: Failure = {
  kind: "unavailable",
  detail: "The message is still being fanned out; nothing is lost by asking again.",
  retryAfterSeconds: 10,
};

erasureRoutes.delete("/messages/:source/:messageId", requireScope("messages:erase"), async (context) => {
  const { source, messageId } = context.req.param();
  const principal = context.get("principal");
  if (!seesSource(principal, source)) return problem(context, noMessage);
  const name = { source, messageId };
  // While the message stands, so that whoever is cut off can ask again.
  await eraseRejectedMentioning(context.env, await idsOf(context.env, name), [source]);
  const [outcome] = await eraseMessages(context.env, [name], principal.keyId);
  if (outcome === "unknown") return problem(context, noMessage);
  if (outcome === "moving") return problem(context, stillMoving);
  return context.body(null, 204);
});

const erasureSchema = z.strictObject({
  recipient: textUpTo(limits.labelBytesMax),
});

erasureRoutes.post("/erasures", requireScope("messages:erase"), async (context) => {
  const body = await readJson(context.req.raw, erasureSchema);
  if (!body.ok) return problem(context, body.failure);
  const principal = context.get("principal");
  const { recipient } = body.value;
  const request = { recipient, keyId: principal.keyId };
  const { DB } = context.env;
  await keepRequest(DB, request, principal.sources, new Date().toISOString());
  const names = await messagesOfRequest(DB, request, limits.erasedMessagesPerRequest + 1);
  const asked = names.slice(0, limits.erasedMessagesPerRequest);
  const outcomes = await eraseMessages(context.env, asked, principal.keyId);
  const rejected = await eraseRejectedMentioning(context.env, [recipient], principal.sources);
  // After all that could be erased: one that is stuck keeps no other.
  if (outcomes.includes("moving")) return problem(context, stillMoving);
  const erased = outcomes.filter((outcome) => outcome === "erased").length;
  return context.json({ erased, rejected, more: names.length > limits.erasedMessagesPerRequest });
});
