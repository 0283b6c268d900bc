/** Latencies as counts below fixed bounds: enough for a median, and they add up over minutes and sources. */

/** Upper bounds in seconds; longer ones are in the bucket `more`. */
export const latencyBoundsSeconds = [
  1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400,
] as const;

export interface Latency {
  /** Upper bound of the bucket that holds the median; null where nothing was measured, or beyond a day. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly count: number;
}

export function latencyOf(buckets: ReadonlyMap<string, number>): Latency {
  const count = [...buckets.values()].reduce((sum, number) => sum + number, 0);
  const boundAt = (share: number): number | null => {
    let below = 0;
    for (const seconds of latencyBoundsSeconds) {
      below += buckets.get(String(seconds)) ?? 0;
      if (count > 0 && below >= count * share) return seconds * 1000;
    }
    return null;
  };
  return { p50Ms: boundAt(0.5), p95Ms: boundAt(0.95), count };
}
