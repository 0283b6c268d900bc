/**
 * A source's rate limit as a token bucket: `burst` webhooks at once, `perSecond` in the long run. Each isolate has
 * its own, so it is a shield and not an account.
 */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Bucket {
  readonly tokens: number;
  readonly filledAtMs: number;
}

export type Taking =
  | { readonly allowed: true; readonly bucket: Bucket }
  | { readonly allowed: false; readonly bucket: Bucket; readonly retryAfterSeconds: number };

/** Null for a bucket that nobody has taken from yet: it is full. */
export function takeToken(bucket: Bucket | null, limit: RateLimit, nowMs: number): Taking {
  const tokens = bucket === null ? limit.burst : refilled(bucket, limit, nowMs);
  if (tokens >= 1) return { allowed: true, bucket: { tokens: tokens - 1, filledAtMs: nowMs } };
  return {
    allowed: false,
    bucket: { tokens, filledAtMs: nowMs },
    retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / limit.perSecond)),
  };
}

/** A clock that steps back refills nothing. */
function refilled(bucket: Bucket, limit: RateLimit, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs);
  return Math.min(limit.burst, bucket.tokens + (elapsedMs / 1000) * limit.perSecond);
}
