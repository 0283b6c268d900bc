/**
 * Replays: jobs of a subscription's first object, that walk along the events of a stretch of time and make their
 * deliveries again. A job is written down after each page; a page that runs twice does nothing twice.
 */
import * as z from "zod/mini";
import { type Event, eventSchema } from "../../model/event.ts";
import { limits } from "../../model/limits.ts";
import { type Delivery, type Replay, replayScopes, replayStates } from "../../model/subscription.ts";
import { audienceOf } from "../rendering.ts";
import type { ReplayRequest } from "../request.ts";
import { callAllObjects, callObject, splitByShard } from "../store.ts";
import type { Subscription } from "../subscription.ts";
import { decideReplay } from "./replay.ts";

/** Few enough for one call to an object, and for a table that others use as well. */
const pageRows = 100;
/** So many may wait in an object for their first attempt before a replay adds more: live events pass between. */
const waitingMax = 200;

const jobSchema = z.strictObject({
  id: z.string(),
  state: z.enum(replayStates),
  since: z.string(),
  until: z.string(),
  only: z.enum(replayScopes),
  scanned: z.int(),
  replayed: z.int(),
  createdAt: z.string(),
  finishedAt: z.nullable(z.string()),
  /** The last event looked at. */
  after: z.nullable(z.strictObject({ receivedAt: z.string(), id: z.string() })),
});
export type ReplayJob = z.infer<typeof jobSchema>;

const keyPrefix = "replay/";

export function newJob({ since, until, only }: ReplayRequest, nowMs: number): ReplayJob {
  return {
    id: `rpl_${crypto.getRandomValues(new Uint8Array(12)).toHex()}`,
    state: "running",
    since: new Date(since).toISOString(),
    until: new Date(until ?? nowMs).toISOString(),
    only,
    scanned: 0,
    replayed: 0,
    createdAt: new Date(nowMs).toISOString(),
    finishedAt: null,
    after: null,
  };
}

export function saveJob(kv: SyncKvStorage, job: ReplayJob): void {
  kv.put(`${keyPrefix}${job.id}`, job);
}

/** False: as many others run as may. */
export function startJob(kv: SyncKvStorage, job: ReplayJob): boolean {
  const running = listJobs(kv).filter(({ id, state }) => state === "running" && id !== job.id);
  if (running.length >= limits.replaysRunningMax) return false;
  saveJob(kv, job);
  return true;
}

/** Oldest first. */
export function listJobs(kv: SyncKvStorage): ReplayJob[] {
  return [...kv.list({ prefix: keyPrefix })]
    .map(([, job]) => jobSchema.parse(job))
    .toSorted((left, right) => left.createdAt.localeCompare(right.createdAt));
}

/** The oldest that still runs. */
export function nextJob(kv: SyncKvStorage): ReplayJob | null {
  return listJobs(kv).find((job) => job.state === "running") ?? null;
}

/** Forgets jobs that ended before. */
export function pruneJobs(kv: SyncKvStorage, endedBefore: string): void {
  for (const job of listJobs(kv)) {
    if (job.finishedAt !== null && job.finishedAt < endedBefore) kv.delete(`${keyPrefix}${job.id}`);
  }
}

export function showJob(subscription: string, { after: _after, ...job }: ReplayJob): Replay {
  return { subscription, ...job };
}

/** The job after its next page; the same job while its deliveries are still on their way. */
export async function runPage(env: Env, subscription: Subscription, job: ReplayJob): Promise<ReplayJob> {
  const backlogs = await callAllObjects(env, subscription, (object) => object.countWaiting(waitingMax));
  if (backlogs.some((waiting) => waiting >= waitingMax)) return job;
  const events = await readEvents(env, job);
  const isFor = audienceOf(subscription);
  const replayed = await replayEvents(env, subscription, job, events.filter(isFor));
  const last = events.at(-1);
  const isDone = last === undefined || events.length < pageRows;
  return {
    ...job,
    state: isDone ? "done" : "running",
    scanned: job.scanned + events.length,
    replayed: job.replayed + replayed,
    finishedAt: isDone ? new Date().toISOString() : null,
    after: last === undefined ? job.after : { receivedAt: last.receivedAt, id: last.id },
  };
}

async function replayEvents(
  env: Env,
  subscription: Subscription,
  job: ReplayJob,
  events: readonly Event[],
): Promise<number> {
  if (events.length === 0) return 0;
  const keys = events.map(keyOf);
  const known = new Map<string, Delivery>();
  const { sources } = subscription;
  for (const found of await callAllObjects(env, subscription, (object) => object.find(keys, sources))) {
    for (const delivery of found) known.set(delivery.event, delivery);
  }
  const decided = (decision: string) =>
    events.filter((event) => decideReplay(job.id, job.only, known.get(event.id) ?? null) === decision);
  const again = decided("again");
  const made = decided("make");
  if (again.length > 0) {
    // Whichever object has it: its message may belong to another since the parallelism was changed.
    await callAllObjects(env, subscription, (object) => object.beginAgain(job.id, again.map(keyOf)));
  }
  for (const { shard, deliveries } of splitByShard(subscription, made)) {
    await callObject(env, subscription.id, shard, (object) =>
      object.accept({ subscription, deliveries, replay: job.id }),
    );
  }
  return again.length + made.length;
}

async function readEvents(env: Env, job: ReplayJob): Promise<Event[]> {
  const { results } = await env.DB.prepare(
    `SELECT body FROM events
     WHERE (received_at, id) > (?1, ?2) AND received_at < ?3 ORDER BY received_at, id LIMIT ?4`,
  )
    .bind(job.after?.receivedAt ?? job.since, job.after?.id ?? "", job.until, pageRows)
    .all<{ body: string }>();
  return results.map(({ body }) => eventSchema.parse(JSON.parse(body)));
}

function keyOf(event: Event) {
  return { receivedAtMs: Date.parse(event.receivedAt), eventId: event.id };
}
