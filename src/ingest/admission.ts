/**
 * Whether a webhook may be trusted: every entry of one set must hold. A source has a second set only while a
 * rotation overlaps. No set, an empty set, or an entry of a type that nobody knows: refused.
 *
 * Every entry of every set is always judged, so the time of a refusal does not tell which one failed.
 */
import type { Provider, Webhook } from "../providers/provider.ts";
import { presentedUrlToken } from "../providers/scheme-url-token.ts";
import type { AuthEntry, Verdict } from "../providers/scheme.ts";
import { findScheme } from "../providers/schemes.ts";

export type AuthSets = readonly (readonly AuthEntry[])[];

/** `elsewhere`: the address has a token, and the source has no use for one. */
export type Admission = Verdict | "elsewhere";

export async function judge(
  provider: Pick<Provider, "schemes">,
  webhook: Webhook,
  authSets: AuthSets,
  nowMs: number,
): Promise<Admission> {
  if (!isAddress(webhook, authSets)) return "elsewhere";
  const verdicts = await Promise.all(authSets.map((entries) => judgeSet(provider, webhook, entries, nowMs)));
  if (verdicts.includes("verified")) return "verified";
  return verdicts.includes("unsigned") ? "unsigned" : "refused";
}

/**
 * The sets whose URL token holds. A GET that greets us cannot carry the other proofs (nobody signs an empty
 * request), so those are left to the provider's own handshake.
 */
export async function setsReached(
  provider: Pick<Provider, "schemes">,
  webhook: Webhook,
  authSets: AuthSets,
  nowMs: number,
): Promise<AuthSets> {
  const reached = await Promise.all(
    authSets.map(async (entries) => {
      const tokens = entries.filter(isUrlToken);
      return tokens.length === 0 || (await judgeSet(provider, webhook, tokens, nowMs)) === "verified";
    }),
  );
  return authSets.filter((_, index) => reached[index]);
}

export function isAddress(webhook: Pick<Webhook, "url">, authSets: AuthSets): boolean {
  return presentedUrlToken(webhook.url) === null || authSets.some((entries) => entries.some(isUrlToken));
}

async function judgeSet(
  provider: Pick<Provider, "schemes">,
  webhook: Webhook,
  entries: readonly AuthEntry[],
  nowMs: number,
): Promise<Verdict> {
  const verdicts = await Promise.all(
    entries.map(
      async (entry) => findScheme(provider, entry.type)?.verify(webhook, entry, nowMs) ?? "refused",
    ),
  );
  if (verdicts.length === 0 || verdicts.includes("refused")) return "refused";
  return verdicts.includes("unsigned") ? "unsigned" : "verified";
}

function isUrlToken(entry: AuthEntry): boolean {
  return entry.type === "urlToken";
}
