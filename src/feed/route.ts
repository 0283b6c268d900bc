/** `/v1/events`, `/v1/stream-tokens` and the upgrades of both kinds of stream. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { type Keys, presentedKey, requireScope } from "../http/auth.ts";
import { readOptionalJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { readLimit } from "../http/page.ts";
import { internalProblem, problem } from "../http/problem.ts";
import { report } from "../log/report.ts";
import type { Principal } from "../model/access.ts";
import { type Failure, invalid } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { feedObjectName, messageObjectName } from "../model/record.ts";
import { assertNever, fail, type Result, succeed } from "../model/result.ts";
import { keyringOf } from "../secrets/seal.ts";
import { grantsMessage } from "../stream/access.ts";
import { closing } from "../stream/close.ts";
import { refuseSocket } from "../stream/object.ts";
import { subprotocol, utf8Bytes } from "../stream/protocol.ts";
import type { ResetReason } from "../stream/serverFrame.ts";
import { type Admission, admissionHeader, writeAdmission } from "../stream/socket.ts";
import {
  admitKey,
  admitToken,
  allowsOrigin,
  foreignOrigin,
  type Offer,
  readOffer,
  type Refusal,
  refuse,
  twoTokens,
  unauthenticated,
} from "./admission.ts";
import { grantToken, tokenRequestSchema } from "./grant.ts";
import { readEventsQuery } from "./query.ts";
import { readStreamToken, signStreamToken } from "./token.ts";

export const feedRoutes = new Hono<AppEnvironment>();

feedRoutes.get("/events", requireScope("messages:read"), async (context) => {
  const query = readEventsQuery(new URL(context.req.url).searchParams);
  if (!query.ok) return problem(context, query.failure);
  const limit = readLimit(query.value.limit);
  if (!limit.ok) return problem(context, limit.failure);
  const { sources } = context.get("principal");
  const { after, filter } = query.value;
  const feed = context.env.FEED.getByName(feedObjectName);
  const page = await feed.poll({ after, filter, sources, limit: limit.value });
  if (!page.ok) return problem(context, pollFailure(page.failure));
  const { events, cursor, upToDate } = page.value;
  return context.body(`{"data":[${events}],"cursor":${JSON.stringify(cursor)},"upToDate":${upToDate}}`, 200, {
    "Content-Type": "application/json",
  });
});

feedRoutes.post("/stream-tokens", requireScope("feed:read"), async (context) => {
  const body = await readOptionalJson(context.req.raw, tokenRequestSchema);
  if (!body.ok) return problem(context, body.failure);
  const grant = grantToken(context.get("principal"), body.value, Date.now());
  if (!grant.ok) return problem(context, grant.failure);
  const token = await signStreamToken(keyringOf(context.env), grant.value);
  return context.json({ token, expiresAt: new Date(grant.value.expiresAtMs).toISOString() }, 201);
});

export interface StreamDependencies {
  readonly keys: Keys;
  readonly sourceExists: (env: Env, source: string) => Promise<boolean>;
}

/** Mounted before the general authentication: a browser shows its token as a subprotocol, and sees only close codes. */
export function streamRoutes(dependencies: StreamDependencies): Hono<AppEnvironment> {
  const routes = new Hono<AppEnvironment>();
  routes.get("/stream", (context) =>
    upgrade(context, dependencies, async (admission) => {
      const feed = context.env.FEED.getByName(feedObjectName);
      return succeed(await feed.fetch("https://feed/", upgradeRequest(admission)));
    }),
  );
  routes.get("/messages/:source/:messageId/stream", (context) =>
    upgrade(context, dependencies, async (admission) => {
      const [source, messageId] = [context.req.param("source"), context.req.param("messageId")];
      const refusal = await refuseMessage(context.env, admission, { source, messageId }, dependencies);
      if (refusal !== null) return fail(refusal);
      const after = context.req.query("after");
      if (after !== undefined && !/^(\d{1,9}|now|earliest)$/.test(after)) {
        return fail(refuse(invalid("after", "must be a version, now or earliest")));
      }
      const message = context.env.MESSAGE.getByName(messageObjectName(source, messageId));
      const query = after === undefined ? "" : `?after=${after}`;
      return succeed(await message.fetch(`https://message/${query}`, upgradeRequest(admission)));
    }),
  );
  return routes;
}

async function upgrade(
  context: Context<AppEnvironment>,
  dependencies: StreamDependencies,
  connect: (admission: Admission) => Promise<Result<Response, Refusal>>,
): Promise<Response> {
  const offer = readOffer(context.req.raw.headers);
  try {
    const admission = await admit(context, offer, dependencies);
    if (!admission.ok) return refused(context, offer, admission.failure);
    if (!offer.isUpgrade) return problem(context, { kind: "upgradeRequired" });
    if (!offer.speaksOurs) return problem(context, noSubprotocol);
    const connected = await connect(admission.value);
    if (!connected.ok) return refused(context, offer, connected.failure);
    // A response of our own: the middlewares put their headers on it.
    const { webSocket } = connected.value;
    if (webSocket === null) throw new Error("an object did not open the socket");
    return new Response(null, {
      status: 101,
      webSocket,
      headers: { "Sec-WebSocket-Protocol": subprotocol },
    });
  } catch (error) {
    report("stream.failed", { requestId: context.get("requestId"), error });
    if (!offer.isUpgrade || !offer.speaksOurs) return internalProblem(context);
    return refuseSocket(closing("internal", "internal error"));
  }
}

async function admit(
  context: Context<AppEnvironment>,
  offer: Offer,
  { keys }: StreamDependencies,
): Promise<Result<Admission, Refusal>> {
  const { env } = context;
  const ownUrls = [context.req.url, env.PUBLIC_URL];
  if (!allowsOrigin(offer.origin, ownUrls, env.ALLOWED_ORIGINS)) return fail(foreignOrigin);
  if (presentsKey(context)) return admitKey(await findKey(context, keys));
  const [token, ...more] = offer.tokens;
  if (token === undefined) return fail(unauthenticated);
  if (more.length > 0) return fail(twoTokens);
  const read = await readStreamToken(keyringOf(env), token, Date.now());
  const maker = read.ok ? await keys.findById(env, read.value.keyId, read.value.secretId) : null;
  return admitToken(read, maker);
}

/** Read afresh: a socket outlives what is remembered of a key that was deleted or rotated a moment ago. */
async function findKey(context: Context<AppEnvironment>, keys: Keys): Promise<Principal | null> {
  const key = presentedKey(context);
  const found = key === null ? null : await keys.find(context.env, key, { fresh: true });
  if (found !== null) keys.noteUse(context.env, context.executionCtx, found.keyId);
  return found;
}

function presentsKey(context: Context<AppEnvironment>): boolean {
  return ["Authorization", "X-API-Key"].some((name) => context.req.header(name) !== undefined);
}

/** Null: the socket may be opened, also while nothing is known of the message yet. */
async function refuseMessage(
  env: Env,
  admission: Admission,
  message: { source: string; messageId: string },
  { sourceExists }: StreamDependencies,
): Promise<Refusal | null> {
  const { sources, grant } = admission;
  if (grant !== null && !grantsMessage(grant, message)) return notForThis;
  if (sources !== null && !sources.includes(message.source)) return noMessage;
  if (utf8Bytes(message.messageId) > limits.messageIdBytesMax) return noMessage;
  return (await sourceExists(env, message.source)) ? null : noMessage;
}

const noMessage = refuse({ kind: "notFound", detail: "There is no such message." });
const notForThis = refuse({ kind: "forbidden", detail: "The token was not made for this message." });
const noSubprotocol: Failure = { kind: "malformed", detail: `Offer the subprotocol ${subprotocol}.` };

function refused(context: Context<AppEnvironment>, offer: Offer, refusal: Refusal): Response {
  if (offer.isUpgrade && offer.speaksOurs) return refuseSocket(refusal.closing);
  return problem(context, refusal.failure);
}

function upgradeRequest(admission: Admission): RequestInit {
  return { headers: { Upgrade: "websocket", [admissionHeader]: writeAdmission(admission) } };
}

function pollFailure(fault: ResetReason | "malformed"): Failure {
  switch (fault) {
    case "malformed":
      return invalid("after", "is not a cursor of this feed");
    case "expired":
      return { kind: "gone", detail: "The cursor is older than what the feed keeps." };
    case "epoch":
      return { kind: "gone", detail: "The cursor is of another feed: this one had to begin anew." };
    case "ahead":
      return { kind: "gone", detail: "The cursor is ahead of the feed." };
    default:
      return assertNever(fault);
  }
}
