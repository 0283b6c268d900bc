/**
 * Builds updates, and the reading of a webhook out of them. What a provider leaves out gets its default here;
 * what it sends too much of is cut to the limits, never refused (refusing is done by the fields' schemas).
 */
import type * as z from "zod/mini";
import type { Issue } from "../model/failure.ts";
import { issuesOf } from "../model/issue.ts";
import type { Json, JsonObject } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import type { Reason } from "../model/reason.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import type { Status } from "../model/status.ts";
import type { Part, Update } from "../model/update.ts";
import { parseJson, wordAt } from "./body.ts";
import { jsonFits, messageIdField } from "./fields.ts";
import type { BadItem, Reading, Webhook } from "./provider.ts";
import type { ProviderTime } from "./time.ts";

/** An update as a provider states it: what it never says is left out. */
export interface Draft {
  readonly messageId: string;
  readonly aliases?: readonly (string | null)[];
  readonly group?: string | null;
  readonly part?: Part;
  readonly channel?: string | null;
  readonly recipient?: string | null;
  /** Undefined: a word that our table does not have. */
  readonly status: Status | undefined;
  readonly providerStatus: string;
  readonly time: ProviderTime | null;
  readonly providerOrder?: number | null;
  readonly reason?: Reason | null;
  /** What the sender attached; its size has been checked. */
  readonly metadata?: JsonObject;
  /** What the provider adds about the message (contact, price, network), under the provider's own names. Kept beside the metadata as far as the limit allows; the rest is in `raw`. */
  readonly facts?: JsonObject;
  readonly providerEventId?: string | null;
  readonly raw: Json;
}

export function buildUpdate(draft: Draft): Update {
  const rawTruncated = !jsonFits(draft.raw, limits.rawBytesMax);
  return {
    messageId: draft.messageId,
    aliases: keepAliases(draft),
    group: draft.group ?? null,
    part: draft.part ?? { number: 1, total: 1 },
    channel: draft.channel?.toLowerCase() ?? null,
    recipient: draft.recipient ?? null,
    status: draft.status ?? "unknown",
    providerStatus: draft.providerStatus,
    occurredAtMs: draft.time?.ms ?? null,
    occurredAtText: draft.time?.text ?? null,
    providerOrder: draft.providerOrder ?? null,
    reason: draft.reason ?? null,
    metadata: addFacts(draft.metadata ?? {}, draft.facts ?? {}),
    raw: rawTruncated ? null : draft.raw,
    rawTruncated,
    providerEventId: draft.providerEventId ?? null,
  };
}

/** For providers that send JSON: reads the body, or says why it is none. */
export function readJson(webhook: Webhook, readBody: (body: Json) => Reading): Reading {
  const body = parseJson(webhook.body);
  return body.ok ? readBody(body.value) : invalidReading(body.failure);
}

/**
 * For providers whose webhook is one event, with its kind under the name `kind`. What is not of these kinds does not
 * concern us; what says no kind is read as one of them, so that the schema tells what is wrong with it.
 */
export function readEvent<Schema extends z.ZodMiniType>(
  body: Json,
  kind: string,
  kinds: RegExp,
  schema: Schema,
  describe: (payload: z.output<Schema>, raw: Json) => Omit<Draft, "raw">,
): Reading {
  const event = wordAt(body, kind);
  if (event !== null && !kinds.test(event)) return { kind: "ignored", event };
  return readingOf([readItem(schema, body, "", describe)]);
}

/** Reads one item by its schema; `path` is where it stands in the body, "" for the body itself. */
export function readItem<Schema extends z.ZodMiniType>(
  schema: Schema,
  raw: Json,
  path: string,
  describe: (payload: z.output<Schema>, raw: Json) => Omit<Draft, "raw">,
): Result<Update, BadItem> {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return fail({ raw, issues: issuesOf(parsed.error, path) });
  return succeed(buildUpdate({ ...describe(parsed.data, raw), raw }));
}

/** A webhook that is not of the provider's shape at all. */
export function invalidReading(issues: readonly Issue[]): Reading {
  return { kind: "invalid", issues };
}

/** The good and the bad of one webhook. If there is nothing good and something bad, the webhook is refused as a whole. */
export function readingOf(items: readonly Result<Update, BadItem>[]): Reading {
  const updates = items.flatMap((item) => (item.ok ? [item.value] : []));
  const bad = items.flatMap((item) => (item.ok ? [] : [item.failure]));
  if (updates.length === 0 && bad.length > 0) return invalidReading(bad.flatMap((item) => item.issues));
  return { kind: "updates", updates, bad };
}

/** Ids that can't be ids are left out: aliases are for search only. */
function keepAliases(draft: Draft): readonly string[] {
  const ids = (draft.aliases ?? []).flatMap((alias) => messageIdField.safeParse(alias).data ?? []);
  return [...new Set(ids)].filter((id) => id !== draft.messageId).slice(0, limits.messageAliasesMax);
}

/** The sender's own keys win: filters are written for them. */
function addFacts(metadata: JsonObject, facts: JsonObject): JsonObject {
  const known = Object.entries(facts).filter(
    ([name, fact]) => fact !== null && !Object.hasOwn(metadata, name),
  );
  const all = { ...metadata, ...Object.fromEntries(known) };
  if (jsonFits(all, limits.metadataBytesMax)) return all;
  let kept = metadata;
  for (const [name, fact] of known) {
    const grown = { ...kept, [name]: fact };
    if (jsonFits(grown, limits.metadataBytesMax)) kept = grown;
  }
  return kept;
}
