/** `/v1/keys`: who may come in, with what. A key is shown once; what it may do is never more than its maker may. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { holdsScope, type Principal } from "../model/access.ts";
import { invalid } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { feedObjectName } from "../model/record.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { requireScope } from "../http/auth.ts";
import { readJson, readOptionalJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { pageOf } from "../http/page.ts";
import { problem } from "../http/problem.ts";
import { noFilters, readList } from "../http/query.ts";
import { report } from "../log/report.ts";
import { base62 } from "../secrets/base62.ts";
import { type Access, change, covers, grant, overreach, seesKey } from "./grant.ts";
import { hashKey, keyRandomBytes, makeKey } from "./key.ts";
import {
  changeKey,
  createKey,
  deleteRecord,
  deleteSecrets,
  type KeyRecord,
  keyPositionSchema,
  listKeys,
  readKey,
  rotateKey,
} from "./records/store.ts";
import { keyChangeSchema, keyRotationSchema, newKeySchema } from "./request.ts";
import { findPrincipalById, forgetKey } from "./store.ts";

export const keyRoutes = new Hono<AppEnvironment>();

keyRoutes.use("/keys", requireScope("keys:write"));
keyRoutes.use("/keys/*", requireScope("keys:write"));

keyRoutes.post("/keys", async (context) => {
  const body = await readJson(context.req.raw, newKeySchema);
  if (!body.ok) return problem(context, body.failure);
  const { name, scopes, sources, expiresAt } = body.value;
  if (hasPassed(expiresAt)) return problem(context, invalid("expiresAt", "must be in the future"));
  const maker = await accessOf(context.env, context.get("principal"));
  if (!maker.ok) return problem(context, maker.failure);
  const granted = grant(maker.value, { scopes, sources, expiresAtMs: expiresAt });
  if (!granted.ok) return problem(context, granted.failure);
  const key = makeKey(randomBytes(keyRandomBytes));
  const id = `key_${base62(randomBytes(16), 16)}`;
  const nowMs = Date.now();
  const outcome = await createKey(
    context.env,
    { id, name, ...granted.value, hash: await hashKey(key) },
    nowMs,
  );
  if (outcome === "full") return problem(context, tooManyKeys);
  const created = { id, name, ...granted.value, createdAt: timeText(nowMs), lastUsedAt: null };
  return context.json({ ...shown(created), key }, 201, { Location: `/v1/keys/${id}` });
});

keyRoutes.get("/keys", async (context) => {
  const list = readList(context.req.url, keyPositionSchema, noFilters);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after } = list.value;
  const rows = await listKeys(context.env, context.get("principal").sources, after, limit + 1);
  return context.json(pageOf(rows, limit, (row) => [row.createdAt, row.id], shown));
});

keyRoutes.get("/keys/:id", async (context) => {
  const key = await findVisible(context, context.req.param("id"));
  return key.ok ? context.json(shown(key.value)) : problem(context, key.failure);
});

keyRoutes.patch("/keys/:id", async (context) => {
  const key = await findVisible(context, context.req.param("id"));
  if (!key.ok) return problem(context, key.failure);
  const body = await readJson(context.req.raw, keyChangeSchema);
  if (!body.ok) return problem(context, body.failure);
  const { name, expiresAt, ...access } = body.value;
  if (hasPassed(expiresAt)) return problem(context, invalid("expiresAt", "must be in the future"));
  const changer = await accessOf(context.env, context.get("principal"));
  if (!changer.ok) return problem(context, changer.failure);
  const next = change(changer.value, key.value, { ...access, expiresAtMs: expiresAt });
  if (!next.ok) return problem(context, next.failure);
  const changed = await changeKey(context.env, key.value.id, {
    name,
    scopes: access.scopes,
    sources: access.sources === undefined ? undefined : next.value.sources,
    expiresAtMs: expiresAt === undefined ? undefined : next.value.expiresAtMs,
  });
  if (changed === null) return problem(context, unknownKey);
  forgetKey(changed.id);
  const isOther = context.get("principal").keyId !== changed.id;
  // Whatever it was before: a change that was sent again, since the feed could not be told, looks like none.
  const changesAccess = [access.scopes, access.sources, expiresAt].some((member) => member !== undefined);
  if (changesAccess) await settleSockets(context, changed.id, isOther || holdsScope(changed, "keys:write"));
  return context.json(shown(changed));
});

keyRoutes.post("/keys/:id/rotate", async (context) => {
  const key = await findVisible(context, context.req.param("id"));
  if (!key.ok) return problem(context, key.failure);
  const body = await readOptionalJson(context.req.raw, keyRotationSchema);
  if (!body.ok) return problem(context, body.failure);
  // Whoever is shown the new secret can do all that the key can.
  const holder = await accessOf(context.env, context.get("principal"));
  if (!holder.ok) return problem(context, holder.failure);
  if (!covers(holder.value, key.value)) return problem(context, overreach);
  const secret = makeKey(randomBytes(keyRandomBytes));
  const overlapMs = body.value.overlapSeconds * 1000;
  const times = { nowMs: Date.now(), overlapMs };
  const outcome = await rotateKey(context.env, key.value.id, await hashKey(secret), times);
  if (outcome === "tooMany") return problem(context, tooManyRotations);
  forgetKey(key.value.id);
  // The new secret may be the only one by now: it is shown whatever else fails.
  await settleSockets(context, key.value.id, false);
  return context.json({ ...shown(key.value), key: secret });
});

keyRoutes.delete("/keys/:id", async (context) => {
  const key = await findVisible(context, context.req.param("id"));
  if (!key.ok) return problem(context, key.failure);
  // In this order a request that broke off can be sent again: as long as the record is there, all of it is repeated.
  await deleteSecrets(context.env, key.value.id);
  forgetKey(key.value.id);
  await settleSockets(context, key.value.id, context.get("principal").keyId !== key.value.id);
  await deleteRecord(context.env, key.value.id);
  return context.body(null, 204);
});

const unknownKey = { kind: "notFound", detail: "There is no such key." } as const;

const tooManyKeys = { kind: "conflict", detail: `A deployment has at most ${limits.keysMax} keys.` } as const;

const tooManyRotations = {
  kind: "conflict",
  detail: `At most ${limits.overlappingCredentialsMax} secrets of a key hold at once; an overlap of 0 ends the old ones.`,
} as const;

/** Keys that the asker may not know of are not there. */
async function findVisible(context: Context<AppEnvironment>, id: string): Promise<Result<KeyRecord>> {
  const key = await readKey(context.env, id);
  return key !== null && seesKey(context.get("principal"), key) ? succeed(key) : fail(unknownKey);
}

/**
 * What the asker can hand on, read anew: it lasts, and the key may have been narrowed or deleted between the request's
 * headers and its body. With the key's own expiry: the principal's may be the end of an overlap, while the key goes on.
 */
async function accessOf(env: Env, { keyId }: Principal): Promise<Result<Access>> {
  const own = await findPrincipalById(env, keyId);
  if (own === null) return fail({ kind: "unauthenticated" });
  return holdsScope(own, "keys:write") ? succeed(own) : fail(overreach);
}

/** How long an answer that must be given waits for the feed. */
const patienceMs = 5_000;
/** Between the tries that come after the first: one soon, and one when no upgrade goes by what was read before. */
const settlePausesMs = [1_000, limits.accessCacheMsMax];

/**
 * Ends what open sockets of the key have too much: now, and once more later, since an upgrade that was on its way may
 * open one by what it had read before. Where the feed can't be told now it throws, and whoever asked asks again; only
 * if nobody can ask again, the later tries have to do. Messages ask for the key themselves.
 */
async function settleSockets(
  context: Context<AppEnvironment>,
  keyId: string,
  mayAskAgain: boolean,
): Promise<void> {
  context.executionCtx.waitUntil(settleLater(context, keyId));
  const settled = settle(context, keyId);
  if (mayAskAgain) await settled;
  else await Promise.race([settled, scheduler.wait(patienceMs)]).catch(() => {});
}

async function settleLater(context: Context<AppEnvironment>, keyId: string): Promise<void> {
  let outcome: PromiseSettledResult<void> | undefined;
  for (const pauseMs of settlePausesMs) {
    await scheduler.wait(pauseMs);
    [outcome] = await Promise.allSettled([settle(context, keyId)]);
  }
  if (outcome?.status !== "rejected") return;
  report("request.failed", { requestId: context.get("requestId"), error: outcome.reason });
}

async function settle({ env }: Context<AppEnvironment>, keyId: string): Promise<void> {
  const tell = () => env.FEED.getByName(feedObjectName).settle(keyId);
  // Whatever it was: nothing is lost by a second try, and much by none.
  await tell().catch(tell);
}

function shown(key: KeyRecord) {
  const { id, name, scopes, sources, createdAt, expiresAtMs, lastUsedAt } = key;
  const expiresAt = expiresAtMs === null ? null : timeText(expiresAtMs);
  return { id, name, scopes, sources, createdAt, expiresAt, lastUsedAt };
}

function hasPassed(timeMs: number | null | undefined): boolean {
  return typeof timeMs === "number" && timeMs <= Date.now();
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
