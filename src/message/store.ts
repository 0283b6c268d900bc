/**
 * A message's events in its object's own storage: one row an event, and nothing else. Beside them, what the table of
 * keys says of those who follow the message, and the way of its events into the queue.
 *
 * Each row carries the counters as they stood, and the mark up to which the fan-out is confirmed, so that neither
 * costs a row of its own. The synchronous key-value API makes no table before the first write: an object that was
 * only read stays empty.
 */
import * as z from "zod/mini";
import { report } from "../log/report.ts";
import { holdsScope, scopeSchema, secretIdCharacters, seesSource } from "../model/access.ts";
import { eventSchema } from "../model/event.ts";
import type { FanOutItem } from "../model/fanout.ts";
import { countSchema } from "../model/number.ts";
import { jsonText } from "../model/text.ts";
import { credentialOf } from "../stream/socket.ts";
import { type Target, targetSchema } from "./alias.ts";
import { sendBatches } from "./fanout.ts";
import type { Entry, Ledger } from "./ledger.ts";

const rowSchema = z.object({
  event: eventSchema,
  duplicates: countSchema,
  overflow: countSchema,
  /** The highest version such that it and all below had been fanned out when this row was written. */
  confirmedVersion: countSchema,
});

export interface StoredMessage {
  readonly ledger: Ledger;
  readonly confirmedVersion: number;
  /** The message whose alias this object is; null for a message of its own. */
  readonly forwardsTo: Target | null;
  /** Aliases whose objects were told to forward here. */
  readonly boundAliases: readonly string[];
}

const forwardsToKey = "forwardsTo";
const boundAliasesKey = "boundAliases";

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
    forwardsTo: z.nullable(targetSchema).parse(storage.kv.get(forwardsToKey) ?? null),
    boundAliases: z.array(z.string()).parse(storage.kv.get(boundAliasesKey) ?? []),
  };
}

/** Null: this object is a message of its own again. */
export function writeForwardsTo(storage: DurableObjectStorage, target: Target | null): void {
  if (target === null) storage.kv.delete(forwardsToKey);
  else storage.kv.put(forwardsToKey, target);
}

export function writeBoundAliases(storage: DurableObjectStorage, aliases: readonly string[]): void {
  storage.kv.put(boundAliasesKey, aliases);
}

/** The rows and, where a time is given, the alarm that guards their fan-out: both, or neither. */
export function writeGuarded(
  storage: DurableObjectStorage,
  entries: readonly Entry[],
  confirmedVersion: number,
  alarmAtMs: number | null,
): Promise<void> {
  const { armed } = storage.transactionSync(() => {
    appendEntries(storage, entries, confirmedVersion);
    return { armed: alarmAtMs === null ? Promise.resolve() : storage.setAlarm(alarmAtMs) };
  });
  return armed;
}

/** What fails here is logged and left to the alarm. */
export async function sendItems(queue: Queue, items: readonly FanOutItem[]): Promise<void> {
  try {
    for (const batch of sendBatches(items)) {
      await queue.sendBatch(batch.map((body) => ({ body, contentType: "json" as const })));
    }
  } catch (error) {
    report("message.sendFailed", { events: items.length, error });
  }
}

function appendEntries(
  storage: DurableObjectStorage,
  entries: readonly Entry[],
  confirmedVersion: number,
): void {
  for (const entry of entries) {
    storage.kv.put(keyOf(entry.event.version), { ...entry, confirmedVersion });
  }
}

const keySchema = z.object({
  id: z.string(),
  secret_ids: jsonText(z.array(z.string())),
  scopes: jsonText(z.array(scopeSchema)),
  sources: z.nullable(jsonText(z.array(z.string()))),
});

/**
 * Which of these keys may follow the source's messages now, neither deleted nor expired nor narrowed since, and with
 * which of their secrets.
 */
export async function readFollowers(
  env: Env,
  credentials: readonly string[],
  source: string,
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const keyIds = credentials.map((credential) => credential.split("/")[0]);
  const { results } = await env.DB.prepare(
    `SELECT keys.id, keys.scopes, keys.sources, json_group_array(substr(key_secrets.hash, 1, ?3)) AS secret_ids
     FROM keys JOIN key_secrets ON key_secrets.key_id = keys.id
     WHERE keys.id IN (SELECT value FROM json_each(?1)) AND (keys.expires_at IS NULL OR keys.expires_at > ?2)
       AND (key_secrets.holds_until IS NULL OR key_secrets.holds_until > ?2)
     GROUP BY keys.id`,
  )
    .bind(JSON.stringify(keyIds), new Date(nowMs).toISOString(), secretIdCharacters)
    .all();
  const followers = results
    .map((row) => keySchema.parse(row))
    .filter((key) => holdsScope(key, "feed:read") && seesSource(key, source));
  return new Set(
    followers.flatMap(({ id: keyId, secret_ids }) => [
      keyId,
      ...secret_ids.map((secretId) => credentialOf({ keyId, secretId })),
    ]),
  );
}

/** Stores the counters of a message that takes no further events. */
export function rewriteLast(storage: DurableObjectStorage, ledger: Ledger, confirmedVersion: number): void {
  const last = ledger.entries.at(-1);
  if (last === undefined) return;
  const { duplicates, overflow } = ledger;
  appendEntries(storage, [{ event: last.event, duplicates, overflow }], confirmedVersion);
}

/** Zero-padded, so that keys sort as versions do. */
function keyOf(version: number): string {
  return `event:${String(version).padStart(6, "0")}`;
}
