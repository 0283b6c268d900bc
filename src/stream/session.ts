/**
 * What happens on one socket: a frame comes in, or events come out, and a step says what to send, how the socket
 * stands after it, and whether it ends. Shared by the feed and by a message's own stream.
 *
 * The invariant: each subscription stands at one place of the log, everything up to it was sent or did not match, and
 * every `events` frame begins where the one before it ended. A step is taken in one synchronous turn with the log.
 */
import { filterSchema } from "../model/filter.ts";
import * as limits from "../model/limits.ts";
import { assertNever } from "../model/result.ts";
import { type Access, type CompiledTest, compileTest, sameGrant } from "./access.ts";
import { type Closing, closing } from "./close.ts";
import { cutPages, type Page, type StreamLog } from "./log.ts";
import { type ClientFrame, eventsFrameText, frameText, pongText, readClientFrame } from "./protocol.ts";
import type { ErrorCode } from "./serverFrame.ts";
import { type Admission, filterBytes, fixedBytesOf, type SocketState, type Subscription } from "./socket.ts";

export interface Session {
  readonly state: SocketState;
  readonly policy: StreamPolicy;
  /** The lasting part of the attachment, kept so that it is made anew only when it changes. */
  readonly fixed: Uint8Array;
  readonly tests: ReadonlyMap<string, CompiledTest>;
  /** Frames counted against `limits.streamFramesMax`; begins anew after hibernation. */
  readonly flood: { readonly sinceMs: number; readonly frames: number };
}

export interface Step {
  readonly session: Session;
  readonly frames: readonly string[];
  readonly closing: Closing | null;
  /** A new token to be checked, then answered with `renew`. */
  readonly token?: string;
}

/** What a kind of stream allows. */
export interface StreamPolicy {
  readonly subscriptionsMax: number;
  /** Where there is only one subscription, its id: on a message's own stream. */
  readonly onlyId: string | null;
}

export const feedPolicy: StreamPolicy = { subscriptionsMax: limits.streamSubscriptionsMax, onlyId: null };

export function sessionOf(state: SocketState, policy: StreamPolicy): Session {
  const access = accessOf(state, policy);
  const tests = new Map(state.subscriptions.map(({ id, filter }) => [id, compileTest(access, filter)]));
  return { state, policy, fixed: fixedBytesOf(state), tests, flood: { sinceMs: 0, frames: 0 } };
}

/** On a message's own stream the route has checked the message; its events bear its id, the token maybe an alias. */
export function accessOf({ sources, grant }: Access, { onlyId }: StreamPolicy): Access {
  return { sources, grant: grant === null || onlyId === null ? grant : { ...grant, messages: null } };
}

export function welcome(admission: Admission, connection: string, policy: StreamPolicy): Step {
  const session = sessionOf({ ...admission, connection, subscriptions: [] }, policy);
  const { expiresAtMs } = admission;
  const frame = frameText({
    type: "welcome",
    connection,
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    pingSeconds: limits.streamPingSeconds,
    maxSubscriptions: policy.subscriptionsMax,
  });
  return stay(session, [frame]);
}

export function receive(session: Session, data: string | ArrayBuffer, log: StreamLog, nowMs: number): Step {
  if (hasExpired(session.state, nowMs)) return end(session, expired);
  const read = readClientFrame(data);
  if (!read.ok) return end(session, read.failure);
  const frame = read.value;
  // An ack is bounded by the pages we sent; everything else is the client's own doing.
  const counted = frame.type === "ack" ? session : countFrame(session, nowMs);
  if (counted.flood.frames > limits.streamFramesMax) {
    return end(counted, closing("tooMany", "too many frames"));
  }
  switch (frame.type) {
    case "subscribe":
      return subscribe(counted, frame, log);
    case "ack":
      return acknowledge(counted, frame, log);
    case "unsubscribe":
      return unsubscribe(counted, frame.id);
    case "auth":
      return { ...stay(counted, []), token: frame.token };
    case "ping":
      return stay(counted, [pongText]);
    default:
      return assertNever(frame);
  }
}

/** A token that was checked, and its maker asked for, gives the socket its end, if it grants the same. */
export function renew(session: Session, renewed: Admission): Step {
  const { keyId, grant } = session.state;
  const same = grant !== null && renewed.grant !== null && sameGrant(renewed.grant, grant);
  if (!same || renewed.keyId !== keyId) {
    return end(session, closing("forbidden", "the new token is not of the same key, filter and messages"));
  }
  const { secretId, expiresAtMs } = renewed;
  return resettle(session, { ...session.state, secretId, expiresAtMs });
}

/** The key that opened the socket, or the secret, ends then, and with it the socket, if not before. */
export function endBy(session: Session, atMs: number): Step {
  const expiresAtMs = earlier(session.state.expiresAtMs, atMs);
  return resettle(session, { ...session.state, expiresAtMs });
}

/** Null: never. */
export function earlier(oneMs: number | null, otherMs: number | null): number | null {
  return oneMs === null || otherMs === null ? (oneMs ?? otherMs) : Math.min(oneMs, otherMs);
}

function resettle(session: Session, state: SocketState): Step {
  return stay({ ...session, state, fixed: fixedBytesOf(state) }, []);
}

/** Starts a subscription behind a place of the log; `first` goes out between `subscribed` and the events. */
export function begin(
  session: Session,
  { id, filter, place }: Pick<Subscription, "id" | "filter" | "place">,
  log: StreamLog,
  first: readonly string[] = [],
): Step {
  const subscription = { id, filter, place, live: false, awaiting: null };
  const state = { ...session.state, subscriptions: [...session.state.subscriptions, subscription] };
  const grown = { ...sessionOf(state, session.policy), flood: session.flood };
  if (
    filterBytes(state) > limits.streamFiltersBytesMax ||
    grown.fixed.byteLength > limits.streamStateBytesMax
  ) {
    const message = `all filters of a socket together are at most ${limits.streamFiltersBytesMax} bytes`;
    return stay(session, [errorText(id, "invalid_filter", message)]);
  }
  const subscribed = frameText({
    type: "subscribed",
    id,
    from: log.cursorOf(place),
    head: log.cursorOf(log.head),
  });
  const step = advance(grown, subscription, log);
  return { ...step, frames: [subscribed, ...first, ...step.frames] };
}

export function resetText(id: string, reason: "expired" | "epoch" | "ahead", log: StreamLog): string {
  const [earliest, head] = [log.cursorOf(log.earliest), log.cursorOf(log.head)];
  return frameText({ type: "reset", id, reason, earliest, head });
}

export function stay(session: Session, frames: readonly string[]): Step {
  return { session, frames, closing: null };
}

export function end(session: Session, reason: Closing): Step {
  return { session, frames: [], closing: reason };
}

export const expired = closing("tokenExpired", "the token has expired");

export function hasExpired(state: SocketState, nowMs: number): boolean {
  return state.expiresAtMs !== null && state.expiresAtMs <= nowMs;
}

function subscribe(
  session: Session,
  frame: Extract<ClientFrame, { type: "subscribe" }>,
  log: StreamLog,
): Step {
  const { policy } = session;
  const { subscriptions } = session.state;
  const { id } = frame;
  if (subscriptions.some((subscription) => subscription.id === id)) {
    return end(session, closing("idInUse", "the subscription's id is in use"));
  }
  if (subscriptions.length >= policy.subscriptionsMax) {
    return end(session, closing("tooMany", `a socket has at most ${policy.subscriptionsMax} subscriptions`));
  }
  if (policy.onlyId !== null && id !== policy.onlyId) {
    return end(session, closing("unknown", `the only subscription here is ${policy.onlyId}`));
  }
  const filter = filterSchema.safeParse(frame.filter ?? {});
  if (!filter.success) {
    const [issue] = filter.error.issues;
    const message = `${["filter", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? ""}`;
    return stay(session, [errorText(id, "invalid_filter", message.slice(0, limits.issueCharactersMax))]);
  }
  const located = log.locate(frame.after ?? "now");
  if (located.kind === "malformed") {
    return stay(session, [errorText(id, "invalid_cursor", "after: is not a cursor of this stream")]);
  }
  if (located.kind === "reset") return stay(session, [resetText(id, located.reason, log)]);
  return begin(session, { id, filter: filter.data, place: located.place }, log);
}

function acknowledge(session: Session, frame: { id: string; cursor: string }, log: StreamLog): Step {
  const subscription = session.state.subscriptions.find(({ id }) => id === frame.id);
  if (subscription === undefined) return end(session, closing("unknown", "no such subscription"));
  if (subscription.awaiting === null || log.cursorOf(subscription.awaiting) !== frame.cursor) {
    return end(session, closing("malformed", "the ack is not of the page that was sent"));
  }
  const acknowledged = { ...subscription, awaiting: null };
  return subscription.live ? stay(replace(session, acknowledged), []) : advance(session, acknowledged, log);
}

function unsubscribe(session: Session, id: string): Step {
  const subscriptions = session.state.subscriptions.filter((subscription) => subscription.id !== id);
  if (subscriptions.length === session.state.subscriptions.length) {
    return end(session, closing("unknown", "no such subscription"));
  }
  const state = { ...session.state, subscriptions };
  return stay({ ...sessionOf(state, session.policy), flood: session.flood }, []);
}

/** Sends the next page of what the subscription has missed; with the last one it is live. */
function advance(session: Session, subscription: Subscription, log: StreamLog): Step {
  const { id, place } = subscription;
  if (place < log.earliest) {
    const gone = unsubscribe(session, id);
    return { ...gone, frames: [resetText(id, "expired", log)] };
  }
  const frames: string[] = [];
  let next = subscription;
  if (place < log.head) {
    const page = firstOf(cutPages(place, log.entriesAfter(place), testOf(session, id).test));
    frames.push(pageText(id, page, log, true));
    next = { ...subscription, place: page.to, awaiting: page.to };
  }
  if (next.place === log.head) {
    frames.push(frameText({ type: "live", id, cursor: log.cursorOf(next.place) }));
    next = { ...next, live: true };
  }
  return stay(replace(session, next), frames);
}

function firstOf(pages: Iterable<Page>): Page {
  for (const page of pages) return page;
  throw new Error("the log has nothing behind a place before its head");
}

function replace(session: Session, changed: Subscription): Session {
  const subscriptions = session.state.subscriptions.map((subscription) =>
    subscription.id === changed.id ? changed : subscription,
  );
  return { ...session, state: { ...session.state, subscriptions } };
}

export function pageText(id: string, page: Page, log: StreamLog, replay: boolean): string {
  const [from, to] = [log.cursorOf(page.from), log.cursorOf(page.to)];
  return eventsFrameText({ id, from, to, replay, events: page.events });
}

function errorText(id: string, code: ErrorCode, message: string): string {
  return frameText({ type: "error", id, code, message, retryable: false });
}

function countFrame(session: Session, nowMs: number): Session {
  const { sinceMs, frames } = session.flood;
  const fresh = nowMs - sinceMs >= limits.streamFramesWindowMs;
  return { ...session, flood: fresh ? { sinceMs: nowMs, frames: 1 } : { sinceMs, frames: frames + 1 } };
}

export function testOf(session: Session, id: string): CompiledTest {
  const test = session.tests.get(id);
  if (test === undefined) throw new Error("a subscription without its compiled filter");
  return test;
}
