/**
 * A source's rate limit as a token bucket: `burst` webhooks at once, `perSecond` in the long run. Each isolate has
 * its own, so it is a shield and not an account.
 */
import * as limits from "../model/limits.ts";

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

/** What counts as a whole token: sums of parts come out a little below. */
const wholeToken = 1 - 1e-9;

/** Null for a bucket that nobody has taken from yet: it is full. */
export function takeToken(bucket: Bucket | null, limit: RateLimit, nowMs: number): Taking {
  const tokens = bucket === null ? limit.burst : refilled(bucket, limit, nowMs);
  if (tokens >= wholeToken) {
    return { allowed: true, bucket: { tokens: Math.max(0, tokens - 1), filledAtMs: nowMs } };
  }
  const waitSeconds = Math.ceil((wholeToken - tokens) / limit.perSecond);
  return {
    allowed: false,
    bucket: { tokens, filledAtMs: nowMs },
    retryAfterSeconds: Math.min(limits.rateLimitRetryAfterSecondsMax, waitSeconds),
  };
}

/** A clock that steps back refills nothing. */
function refilled(bucket: Bucket, limit: RateLimit, nowMs: number): number {
  const elapsedMs = Math.max(0, nowMs - bucket.filledAtMs);
  return Math.min(limit.burst, bucket.tokens + (elapsedMs / 1000) * limit.perSecond);
}
