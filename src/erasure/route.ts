/**
 * Erasure on demand: one message, or all of one recipient, out of every place that keeps them.
 *
 * Tables, feed and deliveries go first and the message's object last: while it stands, it knows what there is to erase,
 * so a request that is cut off anywhere can simply be sent again. The trace in the tables goes before all: whoever hands
 * on an event at the same moment looks for it afterwards, and takes back what we may have missed.
 */
import { Hono } from "hono/tiny";
import * as z from "zod/mini";
import { requireScope } from "../http/auth.ts";
import { readJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { problem } from "../http/problem.ts";
import { eraseNames, eraseRows, findBorn, messagesOf } from "../history/erasure/store.ts";
import { eraseRejectedMentioning } from "../ingest/rejected/store.ts";
import { report } from "../log/report.ts";
import { type Principal, seesSource } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import { limits } from "../model/limits.ts";
import type { Message } from "../model/message.ts";
import { feedObjectName, messageObjectName } from "../model/record.ts";
import { textUpTo } from "../model/text.ts";
import { eraseDeliveries } from "../subscriptions/store.ts";

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
  const outcome = await eraseNamed(context.env, source, messageId, principal);
  if (outcome === "unknown") return problem(context, noMessage);
  if (outcome === "moving") return problem(context, stillMoving);
  await eraseRejectedMentioning(context.env, messageId, [source]);
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
  const names = await messagesOf(
    context.env.DB,
    recipient,
    principal.sources,
    limits.erasedMessagesPerRequest + 1,
  );
  const outcomes: Erasure[] = [];
  for (const { source, messageId } of names.slice(0, limits.erasedMessagesPerRequest)) {
    outcomes.push(await eraseNamed(context.env, source, messageId, principal));
  }
  const rejected = await eraseRejectedMentioning(context.env, recipient, principal.sources);
  // After all that could be erased: one that is stuck keeps no other.
  if (outcomes.includes("moving")) return problem(context, stillMoving);
  const erased = outcomes.filter((outcome) => outcome === "erased").length;
  return context.json({ erased, rejected, more: names.length > limits.erasedMessagesPerRequest });
});

/** How long a message may take to be fanned out before the caller is asked to come again. */
const settleTries = 25;
const settleWaitMs = 200;

type Erasure = "erased" | "unknown" | "moving";

/**
 * An alias that is bound names the message it forwards to, and may hold one of its own from before the binding. The
 * target goes first: that releases the alias, whose own message can then be reached.
 */
async function eraseNamed(
  env: Env,
  source: string,
  messageId: string,
  principal: Principal,
): Promise<Erasure> {
  const named = await env.MESSAGE.getByName(messageObjectName(source, messageId)).read();
  const target = named?.messageId ?? messageId;
  const outcome = await eraseMessage(env, source, target, principal);
  if (target === messageId || outcome === "moving") return outcome;
  const own = await eraseMessage(env, source, messageId, principal);
  return own === "unknown" ? outcome : own;
}

async function eraseMessage(
  env: Env,
  source: string,
  messageId: string,
  principal: Principal,
): Promise<Erasure> {
  const object = env.MESSAGE.getByName(messageObjectName(source, messageId));
  let known = false;
  for (let attempt = 0; attempt < settleTries; attempt += 1) {
    const message = await object.read();
    if (message === null) {
      await eraseLeftBehind(env, source, messageId);
      return known ? "erased" : "unknown";
    }
    known = true;
    await eraseCopies(env, message, principal);
    if (await object.erase(message.version)) {
      await eraseNames(env.DB, source, messageId, message.firstReceivedAt);
      report("message.erased", { source, keyId: principal.keyId });
      return "erased";
    }
    await scheduler.wait(settleWaitMs);
  }
  return "moving";
}

/**
 * An expiry or erasure that was cut off leaves a row whose object is gone. Its life is read before the object is asked
 * once more: should a new one have begun, its row stays.
 */
async function eraseLeftBehind(env: Env, source: string, messageId: string): Promise<void> {
  const born = await findBorn(env.DB, source, messageId);
  if (born === null) return;
  const message = await env.MESSAGE.getByName(messageObjectName(source, messageId)).read(true);
  if (message === null) await eraseNames(env.DB, source, messageId, born);
}

async function eraseCopies(env: Env, message: Message, principal: Principal): Promise<void> {
  const { source, messageId, history, firstReceivedAt } = message;
  await eraseRows(
    env.DB,
    {
      source,
      messageId,
      born: firstReceivedAt,
      aliases: [...new Set(history.flatMap((event) => event.aliases))],
      events: history.map(({ id, receivedAt }) => ({ id, receivedAt })),
    },
    principal.keyId,
    new Date().toISOString(),
  );
  await env.FEED.getByName(feedObjectName).erase(history.map(({ id, receivedAt }) => ({ id, receivedAt })));
  await eraseDeliveries(
    env,
    history.map(({ id, receivedAt }) => ({ eventId: id, receivedAtMs: Date.parse(receivedAt) })),
  );
}
