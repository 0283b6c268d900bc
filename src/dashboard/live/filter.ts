/** What the live table shows: read from the address, asked of the API, and judged for what arrives. Pure. */
import { statuses } from "../words/choices.ts";
import { rangeMs } from "../words/time.ts";
import type { Row } from "./row.ts";

/** Names in the address; a missing one does not restrict. */
export const filterNames = [
  "q",
  "status",
  "source",
  "provider",
  "channel",
  "recipient",
  "group",
  "reason",
  "since",
  "until",
] as const;
export type FilterName = (typeof filterNames)[number];
export type LiveFilter = Readonly<Partial<Record<FilterName, string>>>;

export function filterOf(search: URLSearchParams): LiveFilter {
  return Object.fromEntries(
    filterNames.flatMap((name) => {
      const value = search.get(name)?.trim() ?? "";
      return value === "" || (name === "status" && !statuses.has(value)) ? [] : [[name, value]];
    }),
  );
}

/** One search is up to three questions: the word may be an id, an alias or a recipient. */
export function queriesOf({ q, since, ...rest }: LiveFilter, nowMs: number): Record<string, string>[] {
  const base = { ...rest, ...(since === undefined ? {} : { since: sinceTime(since, nowMs) }) };
  if (q === undefined) return [base];
  const words = (["messageId", "alias", "recipient"] as const).filter((name) => !(name in base));
  return words.map((name) => ({ ...base, [name]: q }));
}

/** Only what every event carries: a source narrows the feed itself, the rest is judged row by row. */
export function feedFilterOf({ source, provider }: LiveFilter): { sources?: string[]; providers?: string[] } {
  return {
    ...(source === undefined ? {} : { sources: [source] }),
    ...(provider === undefined ? {} : { providers: [provider] }),
  };
}

export function fits(row: Row, filter: LiveFilter): boolean {
  const { q, status, source, provider, channel, recipient, group, reason, until } = filter;
  if (until !== undefined && row.lastReceivedAt > until) return false;
  if (q !== undefined && row.messageId !== q && row.recipient !== q && !row.aliases.includes(q)) return false;
  return (
    equal(row.status, status) &&
    equal(row.source, source) &&
    equal(row.provider, provider) &&
    equal(row.channel, channel) &&
    equal(row.recipient, recipient) &&
    equal(row.group, group) &&
    equal(row.reason?.code ?? null, reason)
  );
}

/** An event need not repeat what earlier ones told: then only the API knows whether its message belongs here. */
export function isUncertain(row: Row, { channel, recipient, group, reason }: LiveFilter): boolean {
  return (
    (channel !== undefined && row.channel === null) ||
    (recipient !== undefined && row.recipient === null) ||
    (group !== undefined && row.group === null) ||
    (reason !== undefined && row.reason === null)
  );
}

function equal(value: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted;
}

/** "24h" counts back from now; anything else is a time. */
function sinceTime(since: string, nowMs: number): string {
  const backMs = rangeMs(since);
  return backMs === null ? since : new Date(nowMs - backMs).toISOString();
}
