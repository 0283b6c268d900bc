/** What the edge asks of a message's object, and what it answers. */
import type { IdentifiedUpdate } from "./update.ts";

export interface RecordRequest {
  readonly source: string;
  readonly provider: string;
  readonly messageId: string;
  readonly updates: readonly IdentifiedUpdate[];
  /** Aliases under which the provider will report this message later without its id: their objects forward here. */
  readonly boundAliases?: readonly string[];
  /** Came from an alias's object; recorded where it arrives, so that no ring of aliases can turn for ever. */
  readonly isForwarded?: true;
}

export interface RecordOutcome {
  /** New events. */
  readonly recorded: number;
  /** Updates that were known already. */
  readonly repeated: number;
  /** New updates beyond `limits.messageEventsMax`: counted, not kept. */
  readonly overflowed: number;
}

/** The name of a message's object. A source's id has no slash, so the first one ends it. */
export function messageObjectName(source: string, messageId: string): string {
  return `${source}/${messageId}`;
}

/** The one feed of a deployment. */
export const feedObjectName = "feed";
