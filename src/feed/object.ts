/**
 * The feed: gives every event its place, and sends it to all who follow, in one synchronous turn. The platform holds
 * back what leaves the object until what it wrote is durable, so nobody sees an event that a crash could take back.
 */
import { DurableObject } from "cloudflare:workers";
import { findPrincipalById } from "../keys/store.ts";
import type { Event } from "../model/event.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result } from "../model/result.ts";
import { keyringOf } from "../secrets/seal.ts";
import { type Closing, closing } from "../stream/close.ts";
import { movesQuiet } from "../stream/deliver.ts";
import { holdSockets, type Sockets } from "../stream/object.ts";
import type { ResetReason } from "../stream/serverFrame.ts";
import { expired, feedPolicy, hasExpired, welcome } from "../stream/session.ts";
import { type Admission, readAdmission, type SocketState } from "../stream/socket.ts";
import { admitToken, mayGoOn } from "./admission.ts";
import { epochCharacters } from "./cursor.ts";
import { type FeedLog, openFeedLog } from "./log.ts";
import { type PollPage, pollLog, type PollQuery } from "./poll.ts";
import { openFeedStore } from "./store.ts";
import { readStreamToken } from "./token.ts";

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

  /**
   * The key was deleted, changed or rotated: what it opened ends where it has more than the key, or the secret that
   * opened it, has now. That is read here, so however late this is asked for, it is never about an older state.
   */
  async settle(keyId: string): Promise<void> {
    const states = this.#sockets.statesOf(keyId);
    // Who comes while we read may know of a later change than we do.
    const asked = new Set(states.map(({ connection }) => connection));
    for (const secretId of new Set(states.map((state) => state.secretId))) {
      const key = await findPrincipalById(this.env, keyId, secretId);
      const nowMs = Date.now();
      const isIts = (state: SocketState) => asked.has(state.connection) && state.secretId === secretId;
      this.#sockets.closeAll(expired, (state) => isIts(state) && hasExpired(state, nowMs));
      this.#sockets.closeAll(changedKey, (state) => isIts(state) && !mayGoOn(state, key));
      if (key !== null && key.expiresAtMs !== null) this.#sockets.endBy(key.expiresAtMs, isIts);
    }
  }

  /** Those that a key opened, itself or by its tokens; null: all. */
  openSockets(keyId: string | null): number {
    return this.#sockets.countOf(keyId);
  }

  /** Also for the objects of messages, which know no secrets. A token is worth no more than its maker is now. */
  async checkToken(token: string): Promise<Result<Admission, Closing>> {
    const read = await readStreamToken(keyringOf(this.env), token, Date.now());
    const maker = read.ok ? await findPrincipalById(this.env, read.value.keyId, read.value.secretId) : null;
    const admitted = admitToken(read, maker);
    return admitted.ok ? admitted : fail(admitted.failure.closing);
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
