/** A subscription as it is stored, and what its readers get to see of it: never a secret. */
import type { Failure } from "../model/failure.ts";
import type { Filter } from "../model/filter.ts";
import type { JsonObject } from "../model/json.ts";
import type { SubscriptionView } from "../model/subscription.ts";
import type { SubscriptionFormat, SubscriptionStatus } from "../model/subscriptionWords.ts";

/** An imported scenario as it is kept: read again by `parseScenario` wherever it is needed. */
export interface StoredScenario {
  /** The `data` of the import, as it came. */
  readonly data: JsonObject;
  readonly authorUid: string | null;
  /** Imported as a draft: inactive, and shown so. */
  readonly draft: boolean;
}

export interface Subscription {
  readonly id: string;
  /** Counts changes, so that none is lost between reading and writing, and objects know the newer of two. */
  readonly version: number;
  readonly url: string;
  readonly name: string | null;
  readonly status: SubscriptionStatus;
  readonly disabledReason: string | null;
  readonly format: SubscriptionFormat;
  /** An imported scenario, whose template then makes the requests instead of the format. */
  readonly scenario: StoredScenario | null;
  readonly filter: Filter;
  /** Values sealed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly ratePerSecond: number | null;
  readonly parallelism: number;
  /** The largest parallelism it ever had: so many objects may hold deliveries of it. */
  readonly shards: number;
  /** Sealed. */
  readonly signingSecret: string;
  /** Sealed; signs as well until it expires. */
  readonly previousSecret: string | null;
  readonly previousSecretExpiresAtMs: number | null;
  readonly makerKeyId: string;
  /** What its maker may see, as the maker's key is bound now; null: all sources. */
  readonly sources: readonly string[] | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it was read from the database, or made: whoever passes it on does not make it younger. */
  readonly readAtMs: number;
}

export function showSubscription(subscription: Subscription): SubscriptionView {
  const expiresAtMs = subscription.previousSecretExpiresAtMs;
  return {
    id: subscription.id,
    url: subscription.url,
    name: subscription.name,
    status: subscription.status,
    disabledReason: subscription.disabledReason,
    format: subscription.format,
    scenario: subscription.scenario === null ? null : subscription.id,
    filter: subscription.filter,
    headers: Object.fromEntries(Object.keys(subscription.headers).map((name) => [name, hiddenValue])),
    timeoutSeconds: subscription.timeoutSeconds,
    ratePerSecond: subscription.ratePerSecond,
    parallelism: subscription.parallelism,
    previousSecretExpiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    createdAt: subscription.createdAt,
    updatedAt: subscription.updatedAt,
  };
}

/** Stands for a header's value; given back in a change, it keeps the value that is there. */
export const hiddenValue = "…";

/** Both bindings must hold; null is no binding. */
export function intersectSources(
  left: readonly string[] | null,
  right: readonly string[] | null,
): readonly string[] | null {
  if (left === null) return right;
  if (right === null) return left;
  return left.filter((source) => right.includes(source));
}

/**
 * A bound key knows only of subscriptions that can never tell more than it may see itself. One that tells nothing
 * any more, since its maker is bound elsewhere now, is nobody's but the unbound keys'.
 */
export function mayKnowOf(keySources: readonly string[] | null, { sources }: Subscription): boolean {
  if (keySources === null) return true;
  return sources !== null && sources.length > 0 && sources.every((source) => keySources.includes(source));
}

/** Where each secret belongs: it opens in no other place. */
export const sealedPlaces = {
  header: (id: string, name: string) => `subscriptions/${id}/headers/${name.toLowerCase()}`,
  signingSecret: (id: string) => `subscriptions/${id}/signingSecret`,
} as const;

export const notActive: Failure = {
  kind: "conflict",
  detail: "The subscription is not active: nothing is delivered to it.",
};
