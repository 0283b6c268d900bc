/** The id of an event: a hash of what makes it this event, so that a repeat has the same one. */
import type { Update } from "./update.ts";

/** API.md 5.3 names the members; nothing else may enter, or repeats would look new. */
export async function identify(source: string, update: Update): Promise<string> {
  const identity = JSON.stringify([
    source,
    update.messageId,
    update.part.number,
    update.channel,
    update.recipient,
    update.status,
    update.status === "unknown" ? update.providerStatus : null,
    update.occurredAtText,
    update.providerOrder,
    update.reason?.code ?? null,
    update.providerEventId,
  ]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identity));
  // 128 bits: a collision among all events of one deployment stays out of reach.
  return `evt_${new Uint8Array(digest).slice(0, 16).toHex()}`;
}
