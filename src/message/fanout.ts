/**
 * Which events of a message still have to be fanned out, and when to try again.
 *
 * The consumer confirms versions one by one and in any order; the mark rises over those that follow on each other.
 */
import type { FanOutItem } from "../model/fanout.ts";
import { jsonBytes } from "../model/json.ts";
import { type Ledger, summarize, viewMessage } from "./ledger.ts";

export interface Confirmations {
  /** This version and all below are fanned out. */
  readonly mark: number;
  /** Confirmed versions above the mark that still have a hole below them. */
  readonly beyond: ReadonlySet<number>;
}

export function confirm(confirmations: Confirmations, versions: readonly number[]): Confirmations {
  const beyond = new Set([...confirmations.beyond, ...versions]);
  let mark = confirmations.mark;
  while (beyond.has(mark + 1)) mark += 1;
  return { mark, beyond: new Set([...beyond].filter((version) => version > mark)) };
}

/** Queue items of all events above the mark and not confirmed beyond it, oldest first. */
export function unconfirmedItems(ledger: Ledger, confirmations: Confirmations): FanOutItem[] {
  const message = viewMessage(ledger);
  if (message === null) return [];
  const summary = summarize(message);
  return ledger.entries
    .map(({ event, duplicates }, index) => ({
      event,
      summary,
      repeats: duplicates - (ledger.entries[index - 1]?.duplicates ?? 0),
    }))
    .filter(({ event: { version } }) => version > confirmations.mark && !confirmations.beyond.has(version));
}

/** The first wait covers the usual way through the queue; later ones grow with the age of what is stuck. */
export const firstResendMs = 10_000;
const nextResendMsMin = 30_000;
const nextResendMsMax = 15 * 60_000;

/** From the age alone, so that it keeps growing across evictions and costs no row. */
export function nextResendMs(oldestAgeMs: number): number {
  return Math.min(Math.max(3 * oldestAgeMs, nextResendMsMin), nextResendMsMax);
}

/** A queue takes 100 messages and 256 KB at once; the margin is for its own envelope. */
const sendItemsMax = 100;
const sendBytesMax = 240_000;

export function sendBatches(items: readonly FanOutItem[]): FanOutItem[][] {
  const batches: FanOutItem[][] = [];
  let bytes = 0;
  for (const item of items) {
    const itemBytes = jsonBytes(item);
    const last = batches.at(-1);
    if (last === undefined || last.length >= sendItemsMax || bytes + itemBytes > sendBytesMax) {
      batches.push([item]);
      bytes = itemBytes;
    } else {
      last.push(item);
      bytes += itemBytes;
    }
  }
  return batches;
}
