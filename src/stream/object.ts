/**
 * The sockets of one object: opens them, keeps each one's session in memory and in its attachment, and carries out
 * what a step says. Nothing here keeps the object awake: no timer, and pings are answered by the platform.
 */
import { report } from "../log/report.ts";
import * as limits from "../model/limits.ts";
import type { Result } from "../model/result.ts";
import { type Closing, closing } from "./close.ts";
import { deliver, shareFrames } from "./deliver.ts";
import type { Entry, StreamLog } from "./log.ts";
import { closingFrames, pingText, pongText, subprotocol } from "./protocol.ts";
import {
  end,
  endBy,
  receive,
  renew,
  type Session,
  sessionOf,
  type Step,
  type StreamPolicy,
} from "./session.ts";
import { type Admission, attachmentOf, credentialOf, readAttachment, type SocketState } from "./socket.ts";

export interface SocketOptions {
  readonly policy: StreamPolicy;
  readonly socketsMax: number;
  /** As it stands in this turn. */
  readonly log: () => StreamLog;
  /** What the token is worth now, as at an upgrade. Throws where its maker can't be asked for. */
  readonly checkToken: (token: string) => Promise<Result<Admission, Closing>>;
}

export interface Sockets {
  /** Answers an upgrade; `start` makes the first step of the new socket. */
  open(start: (connection: string) => Step): Response;
  receive(socket: WebSocket, data: string | ArrayBuffer): Promise<void>;
  /** The other side has closed, or the connection is lost. */
  closed(socket: WebSocket, code: number): void;
  /** `quietMove`: also those for whom nothing matched are told where they stand. */
  deliver(entries: readonly Entry[], quietMove?: boolean): void;
  /** Of the open sockets, each once. */
  credentials(): readonly string[];
  /** How many of the open sockets a key opened; null: all of them. */
  countOf(keyId: string | null): number;
  /** Of the open sockets that a key opened, itself or by its tokens. */
  statesOf(keyId: string): readonly SocketState[];
  /** These expire then, if not before. */
  endBy(atMs: number, which: (state: SocketState) => boolean): void;
  closeAll(reason: Closing, which?: (state: SocketState) => boolean): void;
}

export function holdSockets(ctx: DurableObjectState, options: SocketOptions): Sockets {
  const { recall, carryOut, forget, each } = keepSessions(ctx, options.policy);

  function statesOf(keyId: string): SocketState[] {
    const states: SocketState[] = [];
    each(({ state }) => void (state.keyId === keyId && states.push(state)));
    return states;
  }

  return {
    open(start) {
      if (ctx.getWebSockets().length >= options.socketsMax) {
        return refuseSocket(closing("tooMany", "too many sockets are open"));
      }
      ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pingText, pongText));
      const { 0: client, 1: server } = new WebSocketPair();
      ctx.acceptWebSocket(server);
      guard(server, () => carryOut(server, null, start(crypto.randomUUID())));
      return upgraded(client);
    },
    async receive(socket, data) {
      let token: string | undefined;
      guard(socket, () => {
        const session = recall(socket);
        const step = receive(session, data, options.log(), Date.now());
        carryOut(socket, session, step);
        ({ token } = step);
      });
      if (token === undefined) return;
      const checked = await options.checkToken(token).catch(unchecked);
      if (checked === null) return;
      guard(socket, () => {
        const session = recall(socket);
        const step = checked.ok ? renew(session, checked.value) : end(session, checked.failure);
        carryOut(socket, session, step);
      });
    },
    closed(socket, code) {
      forget(socket);
      answerClose(socket, code);
    },
    deliver(entries, quietMove = false) {
      const frames = shareFrames(entries, options.log(), quietMove);
      const nowMs = Date.now();
      each((session) => deliver(session, frames, nowMs));
    },
    credentials() {
      const found = new Set<string>();
      each(({ state }) => void found.add(credentialOf(state)));
      return [...found];
    },
    countOf(keyId) {
      return keyId === null ? ctx.getWebSockets().length : statesOf(keyId).length;
    },
    statesOf,
    endBy(atMs, which) {
      each((session) => (which(session.state) ? endBy(session, atMs) : undefined));
    },
    closeAll(reason, which = () => true) {
      each((session) => (which(session.state) ? end(session, reason) : undefined));
    },
  };
}

/** The sessions of an object's sockets. After hibernation the memory is empty, and the attachments tell all. */
function keepSessions(ctx: DurableObjectState, policy: StreamPolicy) {
  const sessions = new Map<WebSocket, Session>();

  function recall(socket: WebSocket): Session {
    const known = sessions.get(socket);
    if (known !== undefined) return known;
    const session = sessionOf(readAttachment(socket.deserializeAttachment()), policy);
    sessions.set(socket, session);
    return session;
  }

  function carryOut(socket: WebSocket, before: Session | null, step: Step): void {
    const { session, frames } = step;
    const ending = step.closing ?? (frames.length > 0 && isSlow(socket) ? slow : null);
    if (ending !== null) {
      sessions.delete(socket);
      close(socket, ending);
      return;
    }
    if (session !== before) sessions.set(socket, session);
    if (session.state !== before?.state) {
      socket.serializeAttachment(attachmentOf(session.fixed, session.state));
    }
    for (const frame of frames) socket.send(frame);
  }

  /** One step of each open socket; nothing for one that stays as it is. */
  function each(stepOf: (session: Session) => Step | void): void {
    for (const socket of ctx.getWebSockets()) {
      guard(socket, () => {
        const session = recall(socket);
        const step = stepOf(session);
        if (step) carryOut(socket, session, step);
      });
    }
  }

  return { recall, carryOut, each, forget: (socket: WebSocket) => void sessions.delete(socket) };
}

/** What goes wrong with one socket is its own affair: it is closed, and the others go on. */
function guard(socket: WebSocket, work: () => void): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  try {
    work();
  } catch (error) {
    report("socket.failed", { error });
    closeIfOpen(socket, closing("internal", "internal error"));
  }
}

/** A maker that can't be asked for: the socket keeps the end that it has, neither put off nor brought forward. */
function unchecked(error: unknown): null {
  report("socket.failed", { error });
  return null;
}

/** A refusal that a browser can see: it is shown no HTTP status of an upgrade, but every close code. */
export function refuseSocket(reason: Closing): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  close(server, reason);
  return upgraded(client);
}

const slow = closing("slow", "the client reads too slowly");

/** Not every runtime shows what it has not sent yet. */
function isSlow(socket: WebSocket): boolean {
  const { bufferedAmount } = socket as { bufferedAmount?: unknown };
  return typeof bufferedAmount === "number" && bufferedAmount > limits.streamBufferBytesMax;
}

function close(socket: WebSocket, reason: Closing): void {
  for (const frame of closingFrames(reason)) socket.send(frame);
  socket.close(reason.code, reason.reason);
}

function closeIfOpen(socket: WebSocket, reason: Closing): void {
  try {
    close(socket, reason);
  } catch {
    // Gone already.
  }
}

/** Hibernating sockets leave this to us; without it the other side waits for its own timeout. */
function answerClose(socket: WebSocket, code: number): void {
  try {
    // Most codes below 3000 are for the platform alone to send.
    socket.close(code < 3000 ? 1000 : code);
  } catch {
    // Lost, or closed by us.
  }
}

function upgraded(client: WebSocket): Response {
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: { "Sec-WebSocket-Protocol": subprotocol },
  });
}
