/**
 * The three orders of a message's events: of history, of decisions, and among failures.
 *
 * Each is total and looks only at the events themselves, never at their arrival. A tie of times is broken by the
 * provider's own order only if every event of the tie has one, so that comparing stays transitive.
 */
import type { Event } from "../model/event.ts";
import { rankOf } from "../model/status.ts";

/** What the fold looks at: all that an event says, and nothing of how it arrived. */
export type Fact = Pick<
  Event,
  | "id"
  | "status"
  | "occurredAt"
  | "timeSource"
  | "providerOrder"
  | "part"
  | "channel"
  | "recipient"
  | "group"
  | "aliases"
  | "reason"
  | "metadata"
>;

/** The provider's time, or null where ours stands in for it: such a time decides nothing. */
export function providerTime(fact: Fact): string | null {
  return fact.timeSource === "provider" ? fact.occurredAt : null;
}

/** By time (whatever its source), part, provider order, rank, id. */
export function inHistoryOrder<Known extends Fact>(facts: readonly Known[]): Known[] {
  const tieOf = (fact: Fact) => `${fact.occurredAt} ${fact.part.number}`;
  const ordered = fullyOrderedTies(facts, tieOf);
  return facts.toSorted(
    (one, other) =>
      compareText(one.occurredAt, other.occurredAt) ||
      one.part.number - other.part.number ||
      (ordered.has(tieOf(one)) ? orderOf(one) - orderOf(other) : 0) ||
      rankOf(one.status) - rankOf(other.status) ||
      compareText(one.id, other.id),
  );
}

/** History order with the events that have no provider time put first, those among themselves by part, rank, id. */
export function inDecisionOrder<Known extends Fact>(facts: readonly Known[]): Known[] {
  const untimed = facts.filter((fact) => providerTime(fact) === null);
  const timed = facts.filter((fact) => providerTime(fact) !== null);
  return [
    ...untimed.toSorted(
      (one, other) =>
        one.part.number - other.part.number ||
        rankOf(one.status) - rankOf(other.status) ||
        compareText(one.id, other.id),
    ),
    ...inHistoryOrder(timed),
  ];
}

/** The failure to show first: latest provider time, provider order, precedence, having a reason, greater id. */
export function inFailureOrder<Known extends Fact>(failures: readonly Known[]): Known[] {
  const timeOf = (fact: Fact) => providerTime(fact) ?? "";
  const ordered = fullyOrderedTies(failures, timeOf);
  return failures.toSorted(
    (one, other) =>
      compareText(timeOf(other), timeOf(one)) ||
      (ordered.has(timeOf(one)) ? orderOf(other) - orderOf(one) : 0) ||
      rankOf(other.status) - rankOf(one.status) ||
      Number(hasReason(other)) - Number(hasReason(one)) ||
      compareText(other.id, one.id),
  );
}

export function hasReason(fact: Fact): boolean {
  return fact.reason !== null && (fact.reason.code !== null || fact.reason.text !== null);
}

/** The ties of which every member has a provider order. */
function fullyOrderedTies(facts: readonly Fact[], tieOf: (fact: Fact) => string): ReadonlySet<string> {
  const complete = new Set(facts.map(tieOf));
  for (const fact of facts) if (fact.providerOrder === null) complete.delete(tieOf(fact));
  return complete;
}

function orderOf(fact: Fact): number {
  return fact.providerOrder ?? 0;
}

/** By code unit, the same on every machine; RFC 3339 times in UTC with milliseconds sort as their text. */
export function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
