/**
 * The feed: gives every event its place, and sends it to all who follow, in one synchronous turn. The platform holds
 * back what leaves the object until what it wrote is durable, so nobody sees an event that a crash could take back.
 */
import { DurableObject } from "cloudflare:workers";
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import type { Result } from "../model/result.ts";
import { keyringOf } from "../secrets/seal.ts";
import { closing } from "../stream/close.ts";
import { movesQuiet } from "../stream/deliver.ts";
import { holdSockets, type Sockets } from "../stream/object.ts";
import type { ResetReason } from "../stream/protocol.ts";
import { feedPolicy, welcome } from "../stream/session.ts";
import { type Admission, readAdmission } from "../stream/socket.ts";
import { type KeyAccess, mayGoOn } from "./admission.ts";
import { epochCharacters } from "./cursor.ts";
import { type FeedLog, openFeedLog } from "./log.ts";
import { type PollPage, pollLog, type PollQuery } from "./poll.ts";
import { openFeedStore } from "./store.ts";
import { readStreamToken, type TokenFault } from "./token.ts";

export class FeedObject extends DurableObject<Env> {
  readonly #log: FeedLog;
  readonly #sockets: Sockets;
  #waiting: Event[] = [];
  /** The commit that takes what is waiting. */
  #next: Promise<void> | null = null;
  /** Done once the last commit is on disk. */
  #synced: Promise<void> = Promise.resolve();

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
    this.#next ??= this.#commit();
    return this.#next;
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

  /** The key was deleted (null), or may do less than before: what it opened ends, where that is more than is left. */
  revoke(keyId: string, left: KeyAccess | null): void {
    this.#sockets.closeAll(changedKey, (state) => state.keyId === keyId && !mayGoOn(state, left));
  }

  /** The key has a new secret: what the others opened or made ends with them, if not before. */
  retire(keyId: string, secretId: string, untilMs: number): void {
    const isOld = (state: Admission) => state.keyId === keyId && state.secretId !== secretId;
    if (untilMs <= Date.now()) this.#sockets.closeAll(changedKey, isOld);
    else this.#sockets.endBy(untilMs, isOld);
  }

  /** Those that a key opened, itself or by its tokens; null: all. */
  openSockets(keyId: string | null): number {
    return this.#sockets.countOf(keyId);
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

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#sockets.closed(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.closed(socket, 1006);
  }

  /**
   * Batches that come while the last row is on its way to disk share the next one, so that rows stay few under load;
   * a lone batch never waits.
   */
  async #commit(): Promise<void> {
    await this.#synced;
    // No await from here: places are given and frames sent in one turn.
    const events = this.#waiting;
    this.#waiting = [];
    this.#next = null;
    const [beforeMs, nowMs] = [this.#log.publishedAtMs, Date.now()];
    const entries = this.#log.publish(events, nowMs);
    if (entries.length === 0) return;
    this.#sockets.deliver(entries, movesQuiet(beforeMs, nowMs));
    // If the disk fails, the platform ends this object, and with it every promise and socket.
    this.#synced = this.ctx.storage.sync().catch(() => {});
  }
}

const changedKey = closing("unauthenticated", "the key was deleted or changed");

function newEpoch(): string {
  return crypto.getRandomValues(new Uint8Array(epochCharacters / 2)).toHex();
}
