/**
 * The feed: gives every event its place, and sends it to all who follow, in one synchronous turn. The platform holds
 * back what leaves the object until what it wrote is durable, so nobody sees an event that a crash could take back.
 */
import { DurableObject } from "cloudflare:workers";
import type { Event } from "../model/event.ts";
import { limits } from "../model/limits.ts";
import type { Result } from "../model/result.ts";
import { keyringOf } from "../secrets/seal.ts";
import { closing } from "../stream/close.ts";
import { holdSockets, type Sockets } from "../stream/object.ts";
import type { ResetReason } from "../stream/protocol.ts";
import { feedPolicy, welcome } from "../stream/session.ts";
import { type Admission, readAdmission } from "../stream/socket.ts";
import { epochCharacters } from "./cursor.ts";
import { type FeedLog, openFeedLog } from "./log.ts";
import { type PollPage, pollLog, type PollQuery } from "./poll.ts";
import { openFeedStore } from "./store.ts";
import { readStreamToken, type TokenFault } from "./token.ts";

export class FeedObject extends DurableObject<Env> {
  readonly #log: FeedLog;
  readonly #sockets: Sockets;
  #waiting: Event[] = [];
  #commit: Promise<void> | null = null;
  #committedAtMs = -Infinity;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#log = openFeedLog(openFeedStore(ctx.storage), newEpoch);
    this.#sockets = holdSockets(ctx, {
      policy: feedPolicy,
      socketsMax: limits.feedSocketsMax,
      log: () => this.#log,
      checkToken: (token) => this.checkToken(token),
    });
  }

  /** Resolves once the events are durable; those that the feed has already are dropped. Safe to repeat. */
  publish(events: readonly Event[]): Promise<void> {
    this.#waiting.push(...events);
    const waitMs = this.#committedAtMs + limits.feedCommitIntervalMs - Date.now();
    if (this.#commit === null && waitMs > 0) this.#commit = this.#commitAfter(waitMs);
    if (this.#commit !== null) return this.#commit;
    this.#commitNow();
    return Promise.resolve();
  }

  /** Forgets what erased events said. Safe to repeat. */
  erase(events: readonly Pick<Event, "id" | "receivedAt">[]): void {
    this.#log.erase(events);
  }

  /** The cursor behind the newest event. */
  head(): string {
    return this.#log.cursorOf(this.#log.head);
  }

  poll(query: PollQuery): Result<PollPage, ResetReason | "malformed"> {
    return pollLog(this.#log, query);
  }

  /** The key was deleted, or may do less than before: what it opened ends. */
  revoke(keyId: string): void {
    const reason = closing("unauthenticated", "the key was deleted or changed");
    this.#sockets.closeAll(reason, (state) => state.keyId === keyId);
  }

  openSockets(): number {
    return this.ctx.getWebSockets().length;
  }

  /** For the objects of messages, which know no secrets. */
  checkToken(token: string): Promise<Result<Admission, TokenFault>> {
    return readStreamToken(keyringOf(this.env), token, Date.now());
  }

  /** Upgrades only, from our own route. */
  override fetch(request: Request): Response {
    const admission = readAdmission(request.headers);
    return this.#sockets.open((connection) => welcome(admission, connection, feedPolicy));
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    return this.#sockets.receive(socket, data);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#sockets.forget(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.forget(socket);
  }

  /** Under load, batches that come close together share a row; a lone one never waits. */
  async #commitAfter(waitMs: number): Promise<void> {
    await scheduler.wait(waitMs);
    this.#commit = null;
    this.#commitNow();
  }

  #commitNow(): void {
    const events = this.#waiting;
    this.#waiting = [];
    const nowMs = Date.now();
    this.#committedAtMs = nowMs;
    const entries = this.#log.publish(events, nowMs);
    if (entries.length > 0) this.#sockets.deliver(entries);
  }
}

function newEpoch(): string {
  return crypto.getRandomValues(new Uint8Array(epochCharacters / 2)).toHex();
}
