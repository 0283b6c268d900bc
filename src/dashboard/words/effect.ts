/** What an event did to its message, as a sentence. */
import type { Event } from "../../model/event.ts";
import type { Status } from "../../model/status.ts";
import { showsFailure, wordOf } from "./status.ts";
import { spanText } from "./time.ts";

/** `history` is the whole message's, in any order: it tells since when the status that won was known. */
export function effectSentence(event: Event, history: readonly Event[]): string {
  switch (event.effect) {
    case "noted":
      return "Noted. Notes are kept and passed on, and never move the status.";
    case "advanced":
      return advancedSentence(event);
    case "contradicted":
      return `Contradicts ${lower(event.current)}, which stands: the recipient’s side had it already.`;
    case "late":
      return lateSentence(event, history);
  }
}

function advancedSentence({ status, previous, current, contradicted, part }: Event): string {
  const whose = part.total > 1 ? `part ${part.number}` : "the message";
  if (previous === null) return `First news of ${whose}.`;
  if (previous === current) return "Gave a better reason; the status stays.";
  const moved = `Moved ${whose} from ${lower(previous)} to ${lower(current)}.`;
  if (contradicted && showsFailure(previous)) return `${moved} The failure reported before is overruled.`;
  return current === status ? moved : `${moved} It had been held back by what came before.`;
}

function lateSentence(event: Event, history: readonly Event[]): string {
  const known = event.previous ?? event.current;
  const sinceMs = knownSinceMs(event, known, history);
  const byMs = sinceMs === null ? null : Date.parse(event.receivedAt) - sinceMs;
  const late = byMs === null || byMs < 1 ? "Came late" : `Came ${spanText(byMs)} late`;
  const bothFailures = showsFailure(event.status) && showsFailure(known);
  if (bothFailures) return `${late}: ${lower(known)} already told the end.`;
  if (event.status === known) return `${late}: ${lower(known)} was already known, now with another detail.`;
  return `${late}: ${lower(known)} was already known.`;
}

/** When an earlier event first brought the part to where this one found it. */
function knownSinceMs(event: Event, known: Status, history: readonly Event[]): number | null {
  const times = history
    .filter((other) => other.part.number === event.part.number && other.version < event.version)
    .filter((other) => other.current === known && other.effect === "advanced")
    .map((other) => Date.parse(other.receivedAt));
  return times.length === 0 ? null : Math.min(...times);
}

/** How much later than it happened we heard of it; null where the provider gave no time. */
export function skewMs(event: Event): number | null {
  if (event.timeSource !== "provider") return null;
  return Date.parse(event.receivedAt) - Date.parse(event.occurredAt);
}

export function skewText(event: Event): string {
  const ms = skewMs(event);
  if (ms === null) return "the provider gave no time";
  if (ms < 0) return `the provider’s clock is ${spanText(ms)} ahead`;
  return `heard ${spanText(ms)} later`;
}

function lower(status: Status): string {
  return wordOf(status).toLowerCase();
}
