/**
 * What a message is, given what is known of it: a pure fold over the set of its events.
 *
 * Commutative, associative and idempotent: any order of arrival and any number of repeats give the same result.
 * Source of every rule: API.md 1.2.
 */
import type { JsonObject } from "../model/json.ts";
import * as limits from "../model/limits.ts";
import type { MessageSummary, PartState } from "../model/message.ts";
import type { Reason } from "../model/reason.ts";
import { isNote, isProgress, isRealFailure, rankOf, reachedRecipient, type Status } from "../model/status.ts";
import { compareText, type Fact, hasReason, inDecisionOrder, inFailureOrder, providerTime } from "./order.ts";

/** All of a message that its events decide. */
export type Folded = Pick<
  MessageSummary,
  | "status"
  | "statusAt"
  | "final"
  | "contradicted"
  | "partial"
  | "deletedAt"
  | "channel"
  | "recipient"
  | "group"
  | "aliases"
  | "reason"
  | "firstAt"
  | "partsTotal"
  | "parts"
  | "metadata"
>;

/** What one part shows. */
export interface PartShown {
  readonly status: Status;
  readonly statusAt: string | null;
  readonly contradicted: boolean;
  readonly reason: Reason | null;
}

export interface PartFold extends PartShown {
  readonly number: number;
  /** False while only notes are known of it. */
  readonly known: boolean;
  /** Rank of the highest progress; -1 before any. An `unconfirmed` part counts with it. */
  readonly progressRank: number;
  /** The real failure shown, if one is. */
  readonly failure: Fact | null;
}

/** Folds all events of a message; there must be at least one. */
export function foldMessage(facts: readonly Fact[]): Folded {
  const parts = [...Map.groupBy(facts, (fact) => fact.part.number)]
    .toSorted(([one], [other]) => one - other)
    .map(([number, ofPart]) => foldPart(number, ofPart));
  const known = parts.filter((part) => part.known);
  const partsTotal = Math.max(...facts.map((fact) => fact.part.total));
  const shown = shownPart(known) ?? showNotes(facts);
  return {
    status: shown.status,
    statusAt: shown.statusAt,
    final: isFinal(shown.status, known, partsTotal),
    contradicted: known.some((part) => part.contradicted),
    partial: new Set(known.map((part) => part.status)).size > 1,
    deletedAt: earliestTime(facts, "deleted"),
    reason: shown.reason,
    firstAt: firstTimes(facts),
    partsTotal,
    parts: known.map(partState),
    ...foldFacts(facts),
  };
}

/** Folds the events of one part; there must be at least one. */
export function foldPart(number: number, ofPart: readonly Fact[]): PartFold {
  const progress = highestProgress(ofPart);
  const progressRank = progress === null ? -1 : rankOf(progress);
  const realFailures = inFailureOrder(ofPart.filter((fact) => isRealFailure(fact.status)));
  const failure = realFailures[0] ?? null;
  const base = { number, known: true, progressRank, failure: null, contradicted: false, reason: null };
  if (progress !== null && reachedRecipient(progress)) {
    const contradicted = failure !== null;
    return { ...base, status: progress, statusAt: earliestTime(ofPart, progress), contradicted };
  }
  if (failure !== null) {
    return {
      ...base,
      status: failure.status,
      statusAt: earliestTime(ofPart, failure.status),
      reason: firstReason(realFailures),
      failure,
    };
  }
  const unconfirmed = inFailureOrder(ofPart.filter((fact) => fact.status === "unconfirmed"));
  if (unconfirmed.length > 0) {
    return {
      ...base,
      status: "unconfirmed",
      statusAt: earliestTime(ofPart, "unconfirmed"),
      reason: firstReason(unconfirmed),
    };
  }
  if (progress !== null) return { ...base, status: progress, statusAt: earliestTime(ofPart, progress) };
  return { ...base, ...showNotes(ofPart), known: false };
}

/** Of a part, or a message, of which only notes are known. */
function showNotes(facts: readonly Fact[]): PartShown {
  const status = facts.some((fact) => fact.status === "deleted") ? "deleted" : "unknown";
  return { status, statusAt: earliestTime(facts, status), contradicted: false, reason: null };
}

/** The first real failure of a part, else the least advanced part; null while no part is known. */
function shownPart(known: readonly PartFold[]): PartShown | null {
  const failures = inFailureOrder(known.flatMap((part) => part.failure ?? []));
  const failed = known.find((part) => part.failure !== null && part.failure === failures[0]);
  const shown = failed ?? leastAdvanced(known);
  if (shown === null) return null;
  const alike = known.filter((part) => part.status === shown.status);
  return { ...shown, statusAt: latest(alike.map((part) => part.statusAt)) };
}

/** Between parts with equal progress the unconfirmed one is shown, as it would be within a part. */
function leastAdvanced(known: readonly PartFold[]): PartFold | null {
  const [least] = known.toSorted(
    (one, other) =>
      one.progressRank - other.progressRank ||
      Number(other.status === "unconfirmed") - Number(one.status === "unconfirmed") ||
      one.number - other.number,
  );
  return least ?? null;
}

function isFinal(status: Status, known: readonly PartFold[], partsTotal: number): boolean {
  if (isRealFailure(status)) return true;
  return (
    known.length >= partsTotal && known.every((part) => part.status === "read" || part.status === "played")
  );
}

/** The fields that events carry along: the last in decision order that has one wins. */
function foldFacts(
  facts: readonly Fact[],
): Pick<Folded, "channel" | "recipient" | "group" | "aliases" | "metadata"> {
  const decided = inDecisionOrder(facts);
  const corrected = decided.findLast(
    (fact) => fact.status === "recipient_corrected" && fact.recipient !== null,
  );
  return {
    channel: decided.findLast((fact) => fact.channel !== null)?.channel ?? null,
    recipient: (corrected ?? decided.findLast((fact) => fact.recipient !== null))?.recipient ?? null,
    group: decided.findLast((fact) => fact.group !== null)?.group ?? null,
    aliases: [...new Set(facts.flatMap((fact) => fact.aliases))]
      .toSorted(compareText)
      .slice(0, limits.messageAliasesMax),
    metadata: mergeMetadata(decided),
  };
}

/** Key by key, the later event wins. Through entries, so that a key called `__proto__` is a key like any other. */
function mergeMetadata(decided: readonly Fact[]): JsonObject {
  return Object.fromEntries(new Map(decided.flatMap((fact) => Object.entries(fact.metadata))));
}

function highestProgress(facts: readonly Fact[]): Status | null {
  return facts.reduce<Status | null>((highest, { status }) => {
    if (!isProgress(status)) return highest;
    return highest === null || rankOf(status) > rankOf(highest) ? status : highest;
  }, null);
}

function firstReason(failures: readonly Fact[]): Reason | null {
  return (failures.find(hasReason) ?? failures[0])?.reason ?? null;
}

function firstTimes(facts: readonly Fact[]): Folded["firstAt"] {
  const known = new Set(facts.map((fact) => fact.status).filter((status) => !isNote(status)));
  const times = [...known]
    .toSorted((one, other) => rankOf(one) - rankOf(other))
    .map((status) => [status, earliestTime(facts, status)] as const);
  return Object.fromEntries(times.filter(([, time]) => time !== null));
}

function earliestTime(facts: readonly Fact[], status: Status): string | null {
  const times = facts.flatMap((fact) => (fact.status === status ? (providerTime(fact) ?? []) : []));
  return times.toSorted(compareText)[0] ?? null;
}

function latest(times: readonly (string | null)[]): string | null {
  return (
    times
      .filter((time) => time !== null)
      .toSorted(compareText)
      .at(-1) ?? null
  );
}

function partState({ number, status, statusAt, contradicted, reason }: PartFold): PartState {
  return { number, status, statusAt, contradicted, reason };
}
