/** Subscriptions, their deliveries and replays. */
import type { Filter } from "../../model/filter.ts";
import type { Delivery, Replay, SubscriptionStats, SubscriptionView } from "../../model/subscription.ts";
import type { ReplayScope, SubscriptionFormat } from "../../model/subscriptionWords.ts";
import { type Answer, get, pathOf, queryOf, request } from "./request.ts";
import { anything, type Page, pageOf, shaped } from "./shape.ts";

export interface NewSubscription {
  readonly url: string;
  readonly name: string | null;
  readonly format: SubscriptionFormat;
  readonly filter: Filter;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
  readonly ratePerSecond?: number | null;
}

export type SubscriptionChange = Partial<NewSubscription> & { readonly status?: "active" | "inactive" };
export type WithSecret = SubscriptionView & { readonly signingSecret: string };

const members = ["id", "url", "status", "format", "filter"] as const;
const one = shaped<SubscriptionView>(...members);
const withSecret = shaped<WithSecret>("id", "signingSecret");
const deliveries = pageOf<Delivery>("event", "state", "attempts");
const replay = shaped<Replay>("id", "state");

export function listSubscriptions(
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Answer<Page<SubscriptionView>>> {
  return get(
    `/v1/subscriptions${queryOf({ limit: "100", cursor })}`,
    pageOf<SubscriptionView>(...members),
    signal,
  );
}

export function readSubscription(id: string, signal?: AbortSignal): Promise<Answer<SubscriptionView>> {
  return get(pathOf("subscriptions", id), one, signal);
}

export function readStats(id: string, signal?: AbortSignal): Promise<Answer<SubscriptionStats>> {
  return get(pathOf("subscriptions", id, "stats"), shaped<SubscriptionStats>("byState", "latencyMs"), signal);
}

export function makeSubscription(body: NewSubscription): Promise<Answer<WithSecret>> {
  return request("POST", "/v1/subscriptions", { shape: withSecret, body });
}

export function changeSubscription(id: string, body: SubscriptionChange): Promise<Answer<SubscriptionView>> {
  return request("PATCH", pathOf("subscriptions", id), { shape: one, body });
}

export function deleteSubscription(id: string): Promise<Answer<unknown>> {
  return request("DELETE", pathOf("subscriptions", id), { shape: anything });
}

export function rotateSubscription(id: string, overlapSeconds: number): Promise<Answer<WithSecret>> {
  return request("POST", pathOf("subscriptions", id, "rotate"), {
    shape: withSecret,
    body: { overlapSeconds },
  });
}

export function testSubscription(id: string): Promise<Answer<unknown>> {
  return request("POST", pathOf("subscriptions", id, "test"), { shape: anything });
}

export interface ReplayRequest {
  readonly since: string;
  readonly until?: string;
  readonly only: ReplayScope;
}

export function startReplay(id: string, body: ReplayRequest): Promise<Answer<Replay>> {
  return request("POST", pathOf("subscriptions", id, "replay"), { shape: replay, body });
}

export function readReplay(id: string, replayId: string, signal?: AbortSignal): Promise<Answer<Replay>> {
  return get(pathOf("subscriptions", id, "replays", replayId), replay, signal);
}

export interface DeliveryQuery {
  readonly state: string | null;
  readonly event: string | null;
  readonly cursor: string | null;
}

export function listDeliveries(
  id: string,
  query: DeliveryQuery,
  signal?: AbortSignal,
): Promise<Answer<Page<Delivery>>> {
  return get(`${pathOf("subscriptions", id, "deliveries")}${queryOf({ ...query })}`, deliveries, signal);
}

export function retryDelivery(id: string, event: string): Promise<Answer<unknown>> {
  return request("POST", pathOf("subscriptions", id, "deliveries", event, "retry"), { shape: anything });
}
