/** Load from outside: open loop, so that a slow answer delays no later request and every wait is counted. */
import { setTimeout as wait } from "node:timers/promises";

export interface Spread {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly count: number;
}

export function spreadOf(samplesMs: readonly number[]): Spread {
  const sorted = samplesMs.toSorted((one, other) => one - other);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), count: sorted.length };
}

export function medianOf(samples: readonly number[]): number {
  return spreadOf(samples).p50Ms;
}

/** Starts a request every `1 / perSecond` s, whatever became of those before; milliseconds from when each was due. */
export async function openLoop(
  perSecond: number,
  seconds: number,
  request: (index: number) => Promise<void>,
): Promise<number[]> {
  const samplesMs: number[] = [];
  const running: Promise<void>[] = [];
  const startedMs = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const dueMs = startedMs + (index * 1000) / perSecond;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 0) await wait(earlyMs);
    running.push(
      request(index).then(() => {
        samplesMs.push(performance.now() - dueMs);
      }),
    );
  }
  await Promise.all(running);
  return samplesMs;
}

/** As many requests as `parallel` workers get through: completed per second. */
export async function closedLoop(
  parallel: number,
  total: number,
  request: (index: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const startedMs = performance.now();
  async function work(): Promise<void> {
    while (next < total) {
      next += 1;
      await request(next);
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  return (total * 1000) / (performance.now() - startedMs);
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`POST ${url} answered ${response.status}: ${text}`);
}
