/** Writes the log's lines, and counts them where a dataset is bound. Never throws: nothing fails because of its log. */
import { env } from "cloudflare:workers";
import { type Fields, isRoutine, levels, type LineName, lineText, pointOf } from "./line.ts";

interface Bindings {
  /** From "0" to "1"; anything else counts as 1. */
  readonly LOG_SAMPLE: string;
  /** Optional: see docs/operations.md. */
  readonly METRICS?: AnalyticsEngineDataset;
}

export function report<Name extends LineName>(name: Name, fields: Fields[Name]): void {
  const bindings: Bindings = env;
  count(bindings.METRICS, name, fields);
  const sample = isRoutine(name, fields) ? shareOf(bindings.LOG_SAMPLE) : 1;
  if (sample < 1 && Math.random() >= sample) return;
  const text = lineText(name, fields, sample);
  const level = levels[name];
  if (level === "error") console.error(text);
  else if (level === "warn") console.warn(text);
  else console.log(text);
}

/** Later than this is worth a line: the platform is usually within a second. */
const lateMsMin = 60_000;

/** One job that fails keeps no other from running; the run counts as failed all the same. */
export async function runCron(
  { cron, scheduledTime }: Pick<ScheduledController, "cron" | "scheduledTime">,
  bindings: Env,
  jobs: readonly ((bindings: Env, nowMs: number) => Promise<void>)[],
): Promise<void> {
  const lateMs = Date.now() - scheduledTime;
  if (lateMs >= lateMsMin) report("cron.late", { cron, lateMs });
  const outcomes = await Promise.allSettled(jobs.map((job) => job(bindings, scheduledTime)));
  const failures = outcomes.flatMap((outcome): unknown[] =>
    outcome.status === "rejected" ? [outcome.reason] : [],
  );
  for (const error of failures) report("cron.failed", { cron, error });
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("; "));
}

/** `info` is missing where a test calls the alarm by hand. */
export function reportLateAlarm(
  object: Fields["alarm.late"]["object"],
  info: Pick<AlarmInvocationInfo, "scheduledTime"> | undefined,
): void {
  const lateMs = info === undefined ? 0 : Date.now() - info.scheduledTime;
  if (lateMs >= lateMsMin) report("alarm.late", { object, lateMs });
}

function count<Name extends LineName>(
  metrics: AnalyticsEngineDataset | undefined,
  name: Name,
  fields: Fields[Name],
): void {
  try {
    metrics?.writeDataPoint(pointOf(name, fields));
  } catch {
    // Too many in one invocation: figures, not facts.
  }
}

function shareOf(text: string): number {
  const share = text === "" ? 1 : Number(text);
  return share >= 0 && share < 1 ? share : 1;
}
