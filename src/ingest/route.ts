/**
 * The edge door, `/in/{source}`: the only address that providers call. Whoever calls is nobody until the source's
 * own credentials hold; 200 leaves only after everything in the webhook is durable.
 */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { readBytes } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { problem } from "../http/problem.ts";
import { report } from "../log/report.ts";
import type { Failure } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { assertNever, fail, type Result, succeed } from "../model/result.ts";
import { findProvider } from "../providers/index.ts";
import type { Provider, Webhook } from "../providers/provider.ts";
import {
  loadSource,
  noteIgnored,
  noteReceived,
  noteRefused,
  noteRejected,
  type SourceSettings,
} from "../sources/store.ts";
import { publicAddress } from "./address.ts";
import { type Admission, isAddress, judge, setsReached } from "./admission.ts";
import { type Bucket, takeToken } from "./bucket.ts";
import { notRecorded, takeIn } from "./intake.ts";
import { keepRejected } from "./rejected/store.ts";
import { recordAll } from "./store.ts";

export const ingestRoutes = new Hono<AppEnvironment>();

ingestRoutes.on(["GET", "POST"], ["/:source", "/:source/:token"], receive);

/** What one webhook came to, for its log line. No token, no recipient, no word of the provider's. */
interface Line {
  source: string | null;
  provider: string | null;
  updates: number;
  recorded: number;
  repeated: number;
  ignored: number;
  rejected: number;
}

/** A source that is there and active, with the provider that it is an account at. */
interface Known {
  readonly settings: SourceSettings;
  readonly provider: Provider;
}

/** Of this isolate; approximate by design. Lost with it, and full again. */
const buckets = new Map<string, Bucket>();

async function receive(context: Context<AppEnvironment>): Promise<Response> {
  const startedMs = Date.now();
  const line: Line = {
    source: null,
    provider: null,
    updates: 0,
    recorded: 0,
    repeated: 0,
    ignored: 0,
    rejected: 0,
  };
  const response = await answer(context, line).catch((error: unknown) => {
    report("ingest.failed", { source: line.source, error });
    return problem(context, notRecorded);
  });
  report("ingest", { ...line, status: response.status, durationMs: Date.now() - startedMs });
  return response;
}

async function answer(context: Context<AppEnvironment>, line: Line): Promise<Response> {
  const known = await findSource(context.env, context.req.param("source") ?? "");
  if (known === null) return problem(context, unknownAddress);
  line.source = known.settings.id;
  line.provider = known.provider.name;
  const method = methodRead(context, known.provider);
  if (method === null) return shakeHands(context, known);

  const limitBytes = known.provider.bodyBytesMax ?? limits.webhookBodyBytesMax;
  const body = await readBytes(context.req.raw, limitBytes);
  if (!body.ok) return problem(context, body.failure);
  const webhook = webhookOf(context, method, body.value);
  const admitted = await admit(context.env, known, webhook);
  if (!admitted.ok) {
    const isRefusal = admitted.failure.kind === "unauthenticated";
    if (isRefusal) noteRefused(context.env, context.executionCtx, line.source);
    return problem(context, admitted.failure);
  }
  const { settings } = admitted.value;
  const retryAfterSeconds = overLimit(settings);
  if (retryAfterSeconds !== null) return problem(context, { kind: "rateLimited", retryAfterSeconds });
  return take(context, admitted.value, webhook, line);
}

/** Null: not a webhook but a greeting, as nearly every GET is, and every HEAD. */
function methodRead(context: Context<AppEnvironment>, provider: Provider): Webhook["method"] | null {
  if (context.req.method === "POST") return "POST";
  return context.req.method === "GET" && provider.readsGet === true ? "GET" : null;
}

/** Everything from here on is authentic: none of it may be lost, whatever it is. */
async function take(
  context: Context<AppEnvironment>,
  { settings, provider }: Known,
  webhook: Webhook,
  line: Line,
): Promise<Response> {
  const { env, executionCtx } = context;
  const intake = await takeIn(settings.id, provider, webhook, (requests) => recordAll(env, requests));
  const fault = intake.kind === "ignored" ? null : intake.fault;
  if (fault !== null) {
    await keepRejected(env, { settings, provider, webhook, fault });
    line.rejected = Math.max(1, fault.bad.length);
    for (let item = 0; item < line.rejected; item += 1) noteRejected(env, executionCtx, settings.id);
  }
  switch (intake.kind) {
    case "rejected":
      return problem(context, { kind: "invalid", detail: intake.fault.reason, issues: intake.fault.issues });
    case "ignored":
      line.ignored = 1;
      noteIgnored(env, executionCtx, settings.id);
      break;
    case "recorded":
      line.recorded = intake.outcome.recorded;
      line.repeated = intake.outcome.repeated;
      line.updates = line.recorded + line.repeated + intake.outcome.overflowed;
      break;
    default:
      return assertNever(intake);
  }
  noteReceived(env, executionCtx, settings.id);
  return provider.acknowledgement === "empty" ? context.body(null, 200) : context.json({ status: "ok" });
}

/** An inactive source may have become active since it was read, so that is asked again. */
async function findSource(env: Env, id: string): Promise<Known | null> {
  const cached = await loadSource(env, id, { fresh: false });
  if (cached?.status === "inactive") return knownOf(await loadSource(env, id, { fresh: true }));
  return knownOf(cached);
}

function knownOf(settings: SourceSettings | null): Known | null {
  if (settings?.status !== "active") return null;
  const provider = findProvider(settings.provider);
  if (provider === null) throw new Error(`no provider ${settings.provider}`);
  return { settings, provider };
}

/**
 * Settings may be some seconds old, so only a fresh read refuses: a credential that was rotated in a moment ago
 * holds. Every refusal has made that read, whatever was wrong, and so takes the same time.
 */
async function admit(env: Env, cached: Known, webhook: Webhook): Promise<Result<Known>> {
  if ((await judgeNow(cached, webhook)) === "verified") return succeed(cached);
  const fresh = knownOf(await loadSource(env, cached.settings.id, { fresh: true }));
  if (fresh === null) return fail(unknownAddress);
  const admission = await judgeNow(fresh, webhook);
  return admission === "verified" ? succeed(fresh) : fail(refusals[admission]);
}

async function judgeNow({ settings, provider }: Known, webhook: Webhook): Promise<Admission> {
  return judge(provider, webhook, settings.authSets, Date.now());
}

/** A handshake or connection check. It changes nothing, so that what it cannot carry need not hold. */
async function shakeHands(context: Context<AppEnvironment>, cached: Known): Promise<Response> {
  if (cached.provider.handshake === undefined) return problem(context, onlyPost);
  const webhook = webhookOf(context, "GET", new Uint8Array());
  const first = await greet(context, cached, webhook);
  if (first.ok) return first.value;
  const fresh = knownOf(await loadSource(context.env, cached.settings.id, { fresh: true }));
  if (fresh === null) return problem(context, unknownAddress);
  const second = await greet(context, fresh, webhook);
  return second.ok ? second.value : problem(context, second.failure);
}

async function greet(
  context: Context<AppEnvironment>,
  { settings, provider }: Known,
  webhook: Webhook,
): Promise<Result<Response>> {
  if (!isAddress(webhook, settings.authSets)) return fail(unknownAddress);
  const reached = await setsReached(provider, webhook, settings.authSets, Date.now());
  if (reached.length === 0) return fail(refusals.refused);
  for (const entries of reached) {
    const greeting = provider.handshake?.(webhook, entries);
    if (greeting?.accepted === true) {
      return succeed(context.body(greeting.body, 200, { "Content-Type": greeting.contentType }));
    }
  }
  return fail({ kind: "forbidden", detail: "The handshake does not hold." });
}

/** Null: within it, or none is set. */
function overLimit(settings: SourceSettings): number | null {
  if (settings.rateLimit === null) {
    buckets.delete(settings.id);
    return null;
  }
  const taking = takeToken(buckets.get(settings.id) ?? null, settings.rateLimit, Date.now());
  buckets.set(settings.id, taking.bucket);
  return taking.allowed ? null : taking.retryAfterSeconds;
}

function webhookOf(context: Context<AppEnvironment>, method: Webhook["method"], body: Uint8Array): Webhook {
  return {
    method,
    url: publicAddress(context.env.PUBLIC_URL, context.req.url),
    headers: new Map(context.req.raw.headers),
    body,
  };
}

const onlyPost: Failure = { kind: "methodNotAllowed", allow: "POST" };

const unknownAddress: Failure = { kind: "notFound", detail: "There is nothing at this address." };

const refusals = {
  refused: { kind: "unauthenticated" },
  elsewhere: unknownAddress,
  unsigned: {
    kind: "unavailable",
    detail: "The webhook is not signed; send it again with its signature.",
    retryAfterSeconds: limits.ingestRetryAfterSeconds,
  },
} satisfies Record<Exclude<Admission, "verified">, Failure>;
