/** `/v1/sources` and `/v1/providers`: accounts at providers, each with its own address and its own credentials. */
import type { Context } from "hono";
import { Hono } from "hono/tiny";
import { seesSource } from "../model/access.ts";
import { type Failure, invalid } from "../model/failure.ts";
import type { JsonObject } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { requireScope } from "../http/auth.ts";
import { readJson, readOptionalJson } from "../http/body.ts";
import type { AppEnvironment } from "../http/context.ts";
import { pageOf } from "../http/page.ts";
import { problem } from "../http/problem.ts";
import { noFilters, readList } from "../http/query.ts";
import { findProvider, providers } from "../providers/index.ts";
import { base62 } from "../secrets/base62.ts";
import { ingestUrl, isLoopback, publicOrigin, urlTokenOf } from "./address.ts";
import { complete, type Completed, rotateSets, shown, withoutSecrets } from "./auth.ts";
import { describeProvider } from "./catalog.ts";
import {
  changeRecord,
  createSource,
  deleteSource,
  listRecords,
  readRecord,
  sourcePositionSchema,
  type SourceRecord,
  writeAuth,
} from "./records/store.ts";
import { newSourceSchema, rotationSchema, sourceChangeSchema } from "./request.ts";
import { countedHere, forgetSource, unsealSets } from "./store.ts";

export const sourceRoutes = new Hono<AppEnvironment>();

sourceRoutes.get("/providers", requireScope("sources:read"), (context) =>
  context.json({ data: providers.map(describeProvider), nextCursor: null }),
);

sourceRoutes.post("/sources", requireScope("sources:write"), async (context) => {
  if (context.get("principal").sources !== null) return problem(context, boundKey);
  const body = await readJson(context.req.raw, newSourceSchema);
  if (!body.ok) return problem(context, body.failure);
  const { provider: providerName, name, rateLimit = null } = body.value;
  const provider = findProvider(providerName);
  if (provider === null) return problem(context, invalid("provider", "is not one of GET /v1/providers"));
  const id = body.value.id ?? `${provider.name}-${base62(randomBytes(8), 8).toLowerCase()}`;
  if (id.startsWith("demo-") && !isLoopback(context.req.url)) {
    return problem(
      context,
      invalid("id", "must not begin with demo-, which is for trying out on one's own machine"),
    );
  }
  const completed = complete(provider, body.value.auth ?? provider.defaultAuth, makeSecret);
  if (!completed.ok) return problem(context, completed.failure);
  const { entries } = completed.value;
  const auth = { shown: shown(provider, entries), sets: [{ entries, holdsUntilMs: null }] };
  const source = { id, provider: provider.name, name, rateLimit, auth };
  const created = await createSource(context.env, source, Date.now());
  if (created === "taken") return problem(context, idTaken);
  if (created === "full") return problem(context, tooManySources);
  return context.json(withCredentials(context, created, completed.value), 201, {
    Location: `/v1/sources/${id}`,
  });
});

sourceRoutes.get("/sources", requireScope("sources:read"), async (context) => {
  const list = readList(context.req.url, sourcePositionSchema, noFilters);
  if (!list.ok) return problem(context, list.failure);
  const { limit, after } = list.value;
  const rows = await listRecords(context.env, context.get("principal").sources, after, limit + 1);
  return context.json(
    pageOf(
      rows,
      limit,
      ({ id }) => id,
      (row) => view(context, row),
    ),
  );
});

sourceRoutes.get("/sources/:id", requireScope("sources:read"), async (context) => {
  const source = await findVisible(context);
  return source.ok ? context.json(view(context, source.value)) : problem(context, source.failure);
});

sourceRoutes.patch("/sources/:id", requireScope("sources:write"), async (context) => {
  const found = await findVisible(context);
  if (!found.ok) return problem(context, found.failure);
  const body = await readJson(context.req.raw, sourceChangeSchema);
  if (!body.ok) return problem(context, body.failure);
  const { auth, ...change } = body.value;
  const { id } = found.value;
  const replaced = auth === undefined ? null : await replaceAuth(context, found.value, auth, 0);
  if (replaced?.ok === false) return problem(context, replaced.failure);
  const changed = await changeRecord(context.env, id, change, Date.now());
  forgetSource(id);
  if (changed === null) return problem(context, unknownSource);
  return context.json(
    replaced === null ? view(context, changed) : withCredentials(context, changed, replaced.value.completed),
  );
});

sourceRoutes.post("/sources/:id/rotate", requireScope("sources:write"), async (context) => {
  const found = await findVisible(context);
  if (!found.ok) return problem(context, found.failure);
  const body = await readOptionalJson(context.req.raw, rotationSchema);
  if (!body.ok) return problem(context, body.failure);
  const { auth = null, overlapSeconds } = body.value;
  const rotated = await replaceAuth(context, found.value, auth, overlapSeconds * 1000);
  if (!rotated.ok) return problem(context, rotated.failure);
  forgetSource(found.value.id);
  return context.json(withCredentials(context, rotated.value.record, rotated.value.completed));
});

sourceRoutes.delete("/sources/:id", requireScope("sources:write"), async (context) => {
  const { id } = context.req.param();
  const deleted = seesSource(context.get("principal"), id) && (await deleteSource(context.env, id));
  forgetSource(id);
  return deleted ? context.body(null, 204) : problem(context, unknownSource);
});

/** A source that the key may not know of is not there. */
async function findVisible(context: Context<AppEnvironment, "/:id">): Promise<Result<SourceRecord>> {
  const { id } = context.req.param();
  if (!seesSource(context.get("principal"), id)) return fail(unknownSource);
  const source = await readRecord(context.env, id);
  return source === null ? fail(unknownSource) : succeed(source);
}

/** New credentials of the given kinds, or of the same kinds as before; the old ones hold for the overlap. */
async function replaceAuth(
  { env }: Context<AppEnvironment>,
  source: SourceRecord,
  given: readonly JsonObject[] | null,
  overlapMs: number,
): Promise<Result<{ record: SourceRecord; completed: Completed }>> {
  const provider = findProvider(source.provider);
  if (provider === null) return fail(conflict("This version does not know the provider of the source."));
  const nowMs = Date.now();
  // What is replaced as a whole need not be read: so a source can be mended whose key is lost.
  const isReplaced = given !== null && overlapMs === 0;
  const sets = isReplaced ? [] : await unsealSets(env, source.id, source.sealedAuth);
  if (sets === null) return fail(sealedUnderLostKey);
  const completed = complete(provider, given ?? withoutSecrets(provider, sets[0]?.entries ?? []), makeSecret);
  if (!completed.ok) return completed;
  const next = rotateSets(sets, completed.value.entries, nowMs, overlapMs);
  if (next.length > limits.overlappingCredentialsMax) return fail(tooManyRotations);
  const auth = { shown: shown(provider, completed.value.entries), sets: next };
  const record = await writeAuth(env, source.id, source.authVersion, auth, nowMs);
  if (record === null) return fail(changedMeanwhile);
  return succeed({ record, completed: completed.value });
}

/** As everybody with `sources:read` sees it. */
function view(context: Context<AppEnvironment>, source: SourceRecord) {
  return render(context, source, source.auth, urlTokenOf(source.auth));
}

/** As the one who made new credentials sees it, this once. */
function withCredentials(context: Context<AppEnvironment>, source: SourceRecord, completed: Completed) {
  const { entries, generated } = completed;
  const auth = source.auth.map((masked, index) => {
    const entry = entries[index];
    return entry !== undefined && generated.includes(entry) ? entry : masked;
  });
  return { ...render(context, source, auth, urlTokenOf(entries)), credentials: generated };
}

function render(
  context: Context<AppEnvironment>,
  source: SourceRecord,
  auth: readonly JsonObject[],
  token: string | null,
) {
  const { id, provider, name, status, rateLimit, previousAuthUntil, createdAt, updatedAt } = source;
  const here = countedHere(id);
  const lastHere = here.lastReceivedAtMs === null ? null : new Date(here.lastReceivedAtMs).toISOString();
  const lasts = [source.lastReceivedAt, lastHere].flatMap((text) => (text === null ? [] : [text]));
  return {
    id,
    provider,
    name,
    status,
    ingestUrl: ingestUrl(publicOrigin(context.env.PUBLIC_URL, context.req.url), id, token),
    auth,
    previousAuthUntil: previousAuthUntil !== null && hasPassed(previousAuthUntil) ? null : previousAuthUntil,
    rateLimit,
    createdAt,
    updatedAt,
    lastReceivedAt: lasts.toSorted().at(-1) ?? null,
    counts: {
      received: source.received + here.received,
      refused: source.refused + here.refused,
      rejected: source.rejected + here.rejected,
      ignored: source.ignored + here.ignored,
    },
  };
}

const unknownSource = { kind: "notFound", detail: "There is no such source." } as const;
const boundKey = {
  kind: "forbidden",
  detail: "A key that is bound to sources can't create others.",
} as const;
const idTaken = conflict("There is a source with this id already.");
const tooManySources = conflict(`A deployment has at most ${limits.sourcesMax} sources.`);
const changedMeanwhile = conflict("The credentials were changed by somebody else at the same time.");
const sealedUnderLostKey = conflict(
  "The credentials were sealed under a key that is not set any more; PATCH the source with new `auth`.",
);
const tooManyRotations = conflict(
  `At most ${limits.overlappingCredentialsMax} sets of credentials hold at once; an overlap of 0 ends the old ones.`,
);

function hasPassed(time: string): boolean {
  return Date.parse(time) <= Date.now();
}

function conflict(detail: string): Failure {
  return { kind: "conflict", detail };
}

/** 256 bits, in characters that every header and address carries as they are. */
function makeSecret(): string {
  return base62(randomBytes(32), 43);
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
