/**
 * A message's own stream: its events in the order of their versions, which are also its cursors.
 *
 * There is one subscription, `m`, and it begins by itself: with the message as it stands, or, for those who say which
 * version they know, with the events since.
 */
import type { Event } from "../model/event.ts";
import type { Message } from "../model/message.ts";
import { compileTest } from "../stream/access.ts";
import { type Entry, entryOf, type Located, type StreamLog } from "../stream/log.ts";
import { messageFrameText } from "../stream/protocol.ts";
import {
  accessOf,
  begin,
  resetText,
  stay,
  type Step,
  type StreamPolicy,
  welcome,
} from "../stream/session.ts";
import type { Admission } from "../stream/socket.ts";
import { type Ledger, viewMessage } from "./ledger.ts";

const subscriptionId = "m";
export const messagePolicy: StreamPolicy = { subscriptionsMax: 1, onlyId: subscriptionId };

export function messageLog({ entries }: Ledger): StreamLog {
  return {
    head: entries.length,
    earliest: 0,
    cursorOf: String,
    locate(after): Located {
      if (after === "now") return { kind: "found", place: entries.length };
      if (after === "earliest") return { kind: "found", place: 0 };
      if (!/^\d{1,9}$/.test(after)) return { kind: "malformed" };
      const place = Number(after);
      return place > entries.length ? { kind: "reset", reason: "ahead" } : { kind: "found", place };
    },
    *entriesAfter(place) {
      for (const { event } of entries.slice(place)) yield messageEntry(event);
    },
  };
}

export function messageEntry(event: Event): Entry {
  return entryOf(event.version, event, String(event.version));
}

/** The first frames of a socket. `after` null: with the message itself; it has all events there are. */
export function startMessageStream(
  admission: Admission,
  connection: string,
  after: string | null,
  ledger: Ledger,
): Step {
  const opened = welcome(admission, connection, messagePolicy);
  const log = messageLog(ledger);
  const subscription = { id: subscriptionId, filter: {} };
  if (after === null) {
    const message = messageFrameText(visibleMessage(admission, ledger));
    return join(opened, begin(opened.session, { ...subscription, place: log.head }, log, [message]));
  }
  const located = log.locate(after);
  if (located.kind === "malformed") throw new Error("the route lets only cursors pass");
  if (located.kind === "reset") {
    return join(opened, stay(opened.session, [resetText(subscriptionId, located.reason, log)]));
  }
  return join(opened, begin(opened.session, { ...subscription, place: located.place }, log));
}

/** The message as far as the token shows it: what its events that pass the filter say, at the version that is the cursor. */
function visibleMessage(admission: Admission, ledger: Ledger): Message | null {
  const { test } = compileTest(accessOf(admission, messagePolicy), {});
  const entries = ledger.entries.filter(({ event }) => test(event));
  const message = viewMessage({ ...ledger, entries });
  return message === null ? null : { ...message, version: ledger.entries.length };
}

function join(first: Step, then: Step): Step {
  return { ...then, frames: [...first.frames, ...then.frames] };
}
