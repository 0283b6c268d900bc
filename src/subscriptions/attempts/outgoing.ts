/** The request of one attempt: the dialect's body, the subscription's headers, and ours over both, signed. */
import { version } from "../../model/version.ts";
import type { OutgoingRequest } from "./deliver.ts";
import type { PendingDelivery } from "../deliveries/delivery.ts";
import type { Rendered } from "../rendering.ts";
import { isRefusedHeader } from "../headers.ts";
import { sign } from "./signature.ts";
import type { Subscription } from "../subscription.ts";

/** A subscription's secrets in clear, for as long as its object is awake. */
export interface OpenedSecrets {
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  readonly signingSecret: string;
  readonly previousSecret: string | null;
}

export async function buildRequest(
  subscription: Subscription,
  secrets: OpenedSecrets,
  delivery: PendingDelivery,
  rendering: Rendered,
  nowMs: number,
): Promise<OutgoingRequest> {
  const timestampSeconds = Math.floor(nowMs / 1_000);
  const headers = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  const own = Object.entries(rendering.headers ?? {}).filter(([name]) => !isRefusedHeader(name));
  for (const [name, value] of [...own, ...secrets.headers]) set(name, value);
  set("Content-Type", rendering.contentType);
  set("User-Agent", `Tickline/${version}`);
  set("webhook-id", delivery.eventId);
  set("webhook-timestamp", String(timestampSeconds));
  const holding = holdingSecrets(subscription, secrets, nowMs);
  set("webhook-signature", await sign(holding, delivery.eventId, timestampSeconds, rendering.body ?? ""));
  set("Tickline-Attempt", String(delivery.attemptsTotal + 1));
  if (delivery.replay !== null) set("Tickline-Replay", delivery.replay);
  if (rendering.test) set("Tickline-Test", "true");
  return {
    url: rendering.url ?? subscription.url,
    method: rendering.method ?? "POST",
    headers: [...headers.values()],
    body: rendering.body,
    timeoutMs: rendering.timeoutMs ?? subscription.timeoutSeconds * 1_000,
  };
}

function holdingSecrets(
  subscription: Subscription,
  secrets: OpenedSecrets,
  nowMs: number,
): readonly string[] {
  const { previousSecretExpiresAtMs } = subscription;
  const overlaps = previousSecretExpiresAtMs !== null && previousSecretExpiresAtMs > nowMs;
  if (!overlaps || secrets.previousSecret === null) return [secrets.signingSecret];
  return [secrets.signingSecret, secrets.previousSecret];
}
