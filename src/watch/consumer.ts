/**
 * What the service notices of its sources once an hour, and tells the subscriptions that ask for it by `types`.
 *
 * An event's id and time are made of what it speaks of, so that an hour looked at twice is told once.
 */
import { readRejecting } from "../ingest/rejected/store.ts";
import { report } from "../log/report.ts";
import * as limits from "../model/limits.ts";
import { type OperationalEvent, operationalEventId } from "../model/operational.ts";
import { readLastHeard } from "../sources/records/store.ts";
import { shareOperationalEvents } from "../subscriptions/store.ts";

const hourMs = 60 * 60 * 1000;

export async function watchSources(env: Env, nowMs: number): Promise<void> {
  const events = [...(await silentSources(env, nowMs)), ...(await rejectingSources(env, nowMs))];
  for (const event of events) report(event.type, { source: event.source });
  await shareOperationalEvents(env, events);
}

/** The last two hours of those who may have fallen silent: a cron that came late or not at all is made up for. */
async function silentSources(env: Env, nowMs: number): Promise<OperationalEvent[]> {
  const untilMs = nowMs - limits.sourceSilentMs;
  const heard = await readLastHeard(env.DB, timeText(untilMs - 2 * hourMs), timeText(untilMs));
  return Promise.all(
    heard.map(async ({ id, lastReceivedAt }) => ({
      id: await operationalEventId("source.silent", `${id} ${lastReceivedAt}`),
      type: "source.silent" as const,
      occurredAt: timeText(Date.parse(lastReceivedAt) + limits.sourceSilentMs),
      source: id,
      subscription: null,
      detail: `Nothing has come in since ${lastReceivedAt}.`,
    })),
  );
}

async function rejectingSources(env: Env, nowMs: number): Promise<OperationalEvent[]> {
  const rejecting = await readRejecting(env.DB, timeText(nowMs - hourMs), limits.sourceRejectingPerHour);
  const hour = timeText(Math.floor(nowMs / hourMs) * hourMs);
  return Promise.all(
    rejecting.map(async ({ source, rejected, reason }) => ({
      id: await operationalEventId("source.rejecting", `${source} ${hour}`),
      type: "source.rejecting" as const,
      occurredAt: hour,
      source,
      subscription: null,
      detail: `${rejected} different webhooks were rejected within the hour. The latest: ${reason}`,
    })),
  );
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
