/** One page of the feed over HTTP: the same log and cursors as the stream, looked through a bounded way at a time. */
import type { Filter } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { compileTest } from "../stream/access.ts";
import type { StreamLog } from "../stream/log.ts";
import type { ResetReason } from "../stream/serverFrame.ts";

export interface PollQuery {
  /** A cursor, "now" or "earliest". */
  readonly after: string;
  readonly filter: Filter;
  /** Of the key that asks; null: all. */
  readonly sources: readonly string[] | null;
  readonly limit: number;
}

export interface PollPage {
  /** Events as JSON texts, joined by commas. */
  readonly events: string;
  readonly cursor: string;
  readonly upToDate: boolean;
}

export function pollLog(log: StreamLog, query: PollQuery): Result<PollPage, ResetReason | "malformed"> {
  const located = log.locate(query.after);
  if (located.kind === "malformed") return fail("malformed");
  if (located.kind === "reset") return fail(located.reason);
  const sources = query.sources === null ? null : [...query.sources];
  const { test } = compileTest({ sources, grant: null }, query.filter);
  const texts: string[] = [];
  let { place } = located;
  for (const entry of log.entriesAfter(located.place)) {
    if (texts.length >= query.limit || entry.place - located.place > limits.feedPollEventsMax) break;
    if (entry.event !== null && test(entry.event)) texts.push(entry.text());
    ({ place } = entry);
  }
  return succeed({
    events: texts.join(","),
    cursor: log.cursorOf(place),
    upToDate: place === log.head,
  });
}
