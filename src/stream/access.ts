/** Which events a socket may get at all: its client's filter, its token's, and the sources of its key, all at once. */
import type { Event } from "../model/event.ts";
import { compileFilter, type Filter } from "../model/filter.ts";
import type { EntryTest } from "./log.ts";
import type { Admission, Grant } from "./socket.ts";

export type Access = Pick<Admission, "sources" | "grant">;

/** Subscriptions with one key share their pages. */
export interface CompiledTest {
  readonly key: string;
  readonly test: EntryTest;
}

export function compileTest({ sources, grant }: Access, filter: Filter): CompiledTest {
  const tests = [compileFilter(filter)];
  if (sources !== null) {
    const seen = new Set(sources);
    tests.push((event) => seen.has(event.source));
  }
  if (grant !== null) tests.push(compileFilter(grant.filter));
  if (grant !== null && grant.messages !== null) {
    const granted = new Set(grant.messages.map(nameOf));
    tests.push((event) => granted.has(nameOf(event)));
  }
  return {
    key: JSON.stringify([filter, sources, grant]),
    test: (event) => tests.every((test) => test(event)),
  };
}

export function grantsMessage(grant: Grant, message: Pick<Event, "source" | "messageId">): boolean {
  return grant.messages?.some((granted) => nameOf(granted) === nameOf(message)) ?? false;
}

/** The same filter and messages, however they are written down: order does not count, and an empty list is none. */
export function sameGrant(left: Grant, right: Grant): boolean {
  return canonicalText(left) === canonicalText(right);
}

function nameOf({ source, messageId }: Pick<Event, "source" | "messageId">): string {
  return `${source}/${messageId}`;
}

/** Lists are sets, so their order is dropped; inside metadata the order of a list is part of the value. */
function canonicalText(value: unknown, depth = 0): string {
  if (Array.isArray(value)) {
    const members = value.map((member) => canonicalText(member, depth + 1));
    return `[${(depth <= listDepthMax ? members.toSorted() : members).join(",")}]`;
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => !(Array.isArray(member) && member.length === 0 && depth < listDepthMax))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member, depth + 1)}`);
  return `{${members.toSorted().join(",")}}`;
}

/** `grant.filter.statuses` and `grant.messages` are lists; `grant.filter.metadata.tags` is a value. */
const listDepthMax = 2;
