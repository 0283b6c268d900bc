/**
 * A message's events in its object's own storage: one row an event, and nothing else.
 *
 * Each row carries the counters as they stood, and the mark up to which the fan-out is confirmed, so that neither
 * costs a row of its own. The synchronous key-value API makes no table before the first write: an object that was
 * only read stays empty.
 */
import * as z from "zod";
import { eventSchema } from "../model/event.ts";
import type { Entry, Ledger } from "./ledger.ts";

const rowSchema = z.object({
  event: eventSchema,
  duplicates: z.int().nonnegative(),
  overflow: z.int().nonnegative(),
  /** The highest version such that it and all below had been fanned out when this row was written. */
  confirmedVersion: z.int().nonnegative(),
});

export interface StoredMessage {
  readonly ledger: Ledger;
  readonly confirmedVersion: number;
}

export function loadMessage(storage: DurableObjectStorage): StoredMessage {
  const rows = [...storage.kv.list({ prefix: "event:" })].map(([, value]) => rowSchema.parse(value));
  const last = rows.at(-1);
  return {
    ledger: {
      entries: rows.map(({ event, duplicates, overflow }) => ({ event, duplicates, overflow })),
      duplicates: last?.duplicates ?? 0,
      overflow: last?.overflow ?? 0,
    },
    confirmedVersion: last?.confirmedVersion ?? 0,
  };
}

/** Call inside a transaction: the rows, and the alarm that guards their fan-out, stand or fall together. */
export function appendEntries(
  storage: DurableObjectStorage,
  entries: readonly Entry[],
  confirmedVersion: number,
): void {
  for (const entry of entries) {
    storage.kv.put(keyOf(entry.event.version), { ...entry, confirmedVersion });
  }
}

/** Zero-padded, so that keys sort as versions do. */
function keyOf(version: number): string {
  return `event:${String(version).padStart(6, "0")}`;
}
