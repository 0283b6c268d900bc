/**
 * Replays: jobs of a subscription's first object, that walk along the events of a stretch of time and make their
 * deliveries again. A job is written down after each page; a page that runs twice does nothing twice.
 */
import * as z from "zod/mini";
import { tryAgain } from "../../model/again.ts";
import type { Event } from "../../model/event.ts";
import * as limits from "../../model/limits.ts";
import { inParallel } from "../../model/parallel.ts";
import { messageObjectName } from "../../model/record.ts";
import type { Delivery, Replay } from "../../model/subscription.ts";
import { replayScopes, replayStates } from "../../model/subscriptionWords.ts";
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
  const rows = await readRows(env, job);
  const replayed = await replayRows(env, subscription, job, rows.filter(mayConcern(subscription)));
  const last = rows.at(-1);
  const isDone = last === undefined || rows.length < pageRows;
  return {
    ...job,
    state: isDone ? "done" : "running",
    scanned: job.scanned + rows.length,
    replayed: job.replayed + replayed,
    finishedAt: isDone ? new Date().toISOString() : null,
    after: last === undefined ? job.after : { receivedAt: last.receivedAt, id: last.id },
  };
}

async function replayRows(
  env: Env,
  subscription: Subscription,
  job: ReplayJob,
  rows: readonly EventRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const known = await findDeliveries(env, subscription, rows);
  const decide = (place: Place) => decideReplay(job.id, job.only, known.get(placeOf(place)) ?? null);
  const recalled = await recallEvents(
    env,
    rows.filter((row) => decide(row) !== "leave"),
  );
  const events = recalled.filter(audienceOf(subscription));
  const again = events.filter((event) => decide(event) === "again");
  if (again.length > 0) {
    // Whichever object has it: its message may belong to another since the parallelism was changed.
    await callAllObjects(env, subscription, (object) =>
      object.beginAgain({ id: job.id, only: job.only }, again.map(keyOf)),
    );
  }
  const made = events.filter((event) => decide(event) === "make");
  try {
    for (const { shard, deliveries } of splitByShard(subscription, made)) {
      await callObject(env, subscription.id, shard, (object) =>
        object.accept({ subscription, deliveries, replay: job.id }),
      );
    }
  } finally {
    // Also of a page that comes again: it will not find what was erased meanwhile.
    await eraseGone(env, subscription, made);
  }
  return events.length;
}

async function findDeliveries(
  env: Env,
  subscription: Subscription,
  rows: readonly EventRow[],
): Promise<ReadonlyMap<string, Delivery>> {
  const keys = rows.map(keyOf);
  const { sources } = subscription;
  const found = await callAllObjects(env, subscription, (object) => object.find(keys, sources));
  return new Map(found.flat().map((delivery) => [placeOf({ ...delivery, id: delivery.event }), delivery]));
}

const eventRowSchema = z.strictObject({
  receivedAt: z.string(),
  id: z.string(),
  source: z.string(),
  messageId: z.string(),
  status: z.string(),
  effect: z.string(),
});
/** What D1 knows of an event; the event itself is in its message's object. */
type EventRow = z.infer<typeof eventRowSchema>;

async function readRows(env: Env, job: ReplayJob): Promise<EventRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT received_at AS receivedAt, id, source, message_id AS messageId, status, effect FROM events
     WHERE (received_at, id) > (?1, ?2) AND received_at < ?3 ORDER BY received_at, id LIMIT ?4`,
  )
    .bind(job.after?.receivedAt ?? job.since, job.after?.id ?? "", job.until, pageRows)
    .all();
  return results.map((row) => eventRowSchema.parse(row));
}

/** False: its row alone rules the event out, and its message need not be asked. */
function mayConcern({ filter, sources }: Subscription): (row: EventRow) => boolean {
  return ({ source, status, effect }) =>
    (sources === null || sources.includes(source)) &&
    isAmong(filter.sources, source) &&
    isAmong(filter.statuses, status) &&
    isAmong(filter.effects, effect);
}

/** A missing or empty list does not restrict. */
function isAmong(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.includes(value);
}

/** The events as they were recorded, each message asked once; without those whose message has gone meanwhile. */
async function recallEvents(env: Env, rows: readonly EventRow[]): Promise<Event[]> {
  const byMessage = Map.groupBy(rows, ({ source, messageId }) => messageObjectName(source, messageId));
  const answers = await inParallel([...byMessage], limits.parallelCallsMax, ([name, ofMessage]) =>
    tryAgain(() => env.MESSAGE.getByName(name).recall(ofMessage.map(({ id }) => id))),
  );
  const recalled = new Map<string, Event>();
  for (const answer of answers) {
    if (answer.status === "rejected") throw answer.reason;
    for (const event of answer.value) recalled.set(placeOf(event), event);
  }
  return rows.flatMap((row) => recalled.get(placeOf(row)) ?? []);
}

/** An erasure takes the rows first and then the deliveries, and may have come by before these were made. */
async function eraseGone(env: Env, subscription: Subscription, made: readonly Event[]): Promise<void> {
  if (made.length === 0) return;
  const { results } = await env.DB.prepare(
    `SELECT id FROM events WHERE (received_at, id) IN
       (SELECT value ->> 'receivedAt', value ->> 'id' FROM json_each(?1))`,
  )
    .bind(JSON.stringify(made.map(({ receivedAt, id }) => ({ receivedAt, id }))))
    .all();
  const left = new Set(results.map((row) => idRowSchema.parse(row).id));
  const gone = made.filter(({ id }) => !left.has(id)).map(keyOf);
  if (gone.length > 0) await callAllObjects(env, subscription, (object) => object.erase(gone));
}

const idRowSchema = z.strictObject({ id: z.string() });

type Place = Pick<EventRow, "receivedAt" | "id">;

/** The id alone is not enough: a message that was born again may have an event that it had before. */
function placeOf({ receivedAt, id }: Place): string {
  return `${receivedAt} ${id}`;
}

function keyOf({ receivedAt, id }: Place) {
  return { receivedAtMs: Date.parse(receivedAt), eventId: id };
}
