/**
 * One message: serializes its updates, keeps its events, and sees to it that each one is fanned out.
 *
 * The invariant: while an event is not confirmed by the fan-out consumer, an alarm stands that sends it again. Row and
 * alarm are written in one transaction before anything else is done; so neither a lost queue message nor the death of
 * the process at any line loses a fan-out. No alarm standing means that everything is confirmed.
 */
import { DurableObject } from "cloudflare:workers";
import { report, reportLateAlarm } from "../log/report.ts";
import { tryAgain } from "../model/again.ts";
import type { Message } from "../model/message.ts";
import * as limits from "../model/limits.ts";
import {
  feedObjectName,
  messageObjectName,
  type RecordOutcome,
  type RecordRequest,
} from "../model/record.ts";
import { type Confirmations, confirm, firstResendMs, nextResendMs, unconfirmedItems } from "./fanout.ts";
import { cameForwarded, closingOfBound, forwarded, redirect, type Target, unboundAliases } from "./alias.ts";
import { closing } from "../stream/close.ts";
import { holdSockets } from "../stream/object.ts";
import { readAdmission } from "../stream/socket.ts";
import { addUpdates, emptyLedger, type Entry, type Ledger, viewMessage } from "./ledger.ts";
import {
  loadMessage,
  readFollowers,
  rewriteLast,
  sendItems,
  writeBoundAliases,
  writeForwardsTo,
  writeGuarded,
} from "./store.ts";
import { messageLog, messagePolicy, startMessageStream } from "./stream.ts";
import { makeTeller } from "./telling.ts";

export class MessageObject extends DurableObject<Env> {
  #loading: Promise<void> | null = null;
  #ledger: Ledger = emptyLedger;
  #confirmations: Confirmations = { mark: 0, beyond: new Set() };
  #alarmStands = false;
  /** The stored mark, where a missing alarm alone told that all is confirmed; an alarm that fires disproves it. */
  #unprovenFrom: number | null = null;
  #forwardsTo: Target | null = null;
  #boundAliases: readonly string[] = [];
  /** Ends when the aliases of a life that ended are let go. */
  #releasing: Promise<void> = Promise.resolve();
  readonly #sockets = holdSockets(this.ctx, {
    policy: messagePolicy,
    socketsMax: limits.messageSocketsMax,
    log: () => messageLog(this.#ledger),
    checkToken: (token) => this.env.FEED.getByName(feedObjectName).checkToken(token),
  });
  readonly #teller = makeTeller({
    sockets: this.#sockets,
    isKept: (entry) => this.#ledger.entries[entry.event.version - 1] === entry,
    findFollowers: (credentials, source) => readFollowers(this.env, credentials, source, Date.now()),
    waitUntil: (telling) => this.ctx.waitUntil(telling),
  });

  /** Resolves once all updates are durable and their fan-out is certain. A repeat changes a counter in memory only. */
  async record(request: RecordRequest): Promise<RecordOutcome> {
    await this.#load("call");
    if (this.#forwardsTo === null) await this.#bindAliases(request);
    if (this.#forwardsTo !== null && request.isForwarded !== true) {
      return this.#objectOf(this.#forwardsTo).record(await redirect(request, this.#forwardsTo));
    }
    // No await from here to the write: two updates of one message can't interleave.
    const nowMs = Date.now();
    const { ledger, added, outcome } = addUpdates(this.#ledger, request, new Date(nowMs).toISOString());
    const armed = added.length > 0 ? this.#write(added, nowMs) : null;
    this.#ledger = ledger;
    // No event will come any more that could carry it.
    if (outcome.overflowed > 0) rewriteLast(this.ctx.storage, ledger, this.#provenMark);
    if (added.length > 0) this.#teller.tell(added);
    await armed;
    if (added.length > 0) this.ctx.waitUntil(this.#sendNext(added));
    return outcome;
  }

  /** The message with its history; null while nothing is known of it, and then nothing is created. */
  async read(isForwarded = false): Promise<Message | null> {
    await this.#load("call");
    if (this.#forwardsTo !== null && !isForwarded) return this.#objectOf(this.#forwardsTo).read(true);
    return viewMessage(this.#ledger);
  }

  /** Those of its own events that are still here, whole; never those of a message that it forwards to. */
  async recall(ids: readonly string[]): Promise<Message["history"]> {
    await this.#load("call");
    return this.#ledger.entries.map(({ event }) => event).filter(({ id }) => ids.includes(id));
  }

  /** From now on this object forwards to the message whose alias it is. */
  async bind(target: Target): Promise<void> {
    await this.#load("call");
    if (this.#forwardsTo?.messageId === target.messageId) return;
    writeForwardsTo(this.ctx.storage, target);
    this.#forwardsTo = target;
    this.#sockets.closeAll(closingOfBound(this.#ledger.entries.length));
  }

  /** The message that it forwarded to is gone. */
  async release(messageId: string): Promise<void> {
    await this.#load("call");
    if (this.#forwardsTo?.messageId !== messageId) return;
    this.#forwardsTo = null;
    writeForwardsTo(this.ctx.storage, null);
    if (this.#ledger.entries.length === 0) await this.ctx.storage.deleteAll();
  }

  /**
   * The consumer has these versions durably in the tables, the feed and every subscription. `born` is the receipt
   * of version 1, which tells a message from one that expired under the same id.
   */
  async confirm(born: string, versions: readonly number[]): Promise<void> {
    await this.#load("call");
    if (this.#ledger.entries[0]?.event.receivedAt !== born) return;
    this.#confirmations = confirm(this.#confirmations, versions);
    if (!this.#isConfirmed || !this.#alarmStands) return;
    this.#alarmStands = false;
    await this.ctx.storage.deleteAlarm();
  }

  /** Lets the message go if nothing came since the cutoff and all of it is fanned out; true when nothing is left. */
  async expire(cutoff: string): Promise<boolean> {
    await this.#load("call");
    const last = this.#ledger.entries.at(-1)?.event;
    if (last !== undefined && (last.receivedAt >= cutoff || !this.#isConfirmed)) return false;
    await this.#forget();
    return true;
  }

  /**
   * Erases the message if it is still at this version and all of it is fanned out; then nothing of it can turn up
   * again from the queue. True when nothing is left.
   */
  async erase(version: number): Promise<boolean> {
    await this.#load("call");
    if (this.#ledger.entries.length !== version || !this.#isConfirmed) return false;
    await this.#forget();
    return true;
  }

  /** What may be stored as confirmed. */
  get #provenMark(): number {
    return this.#unprovenFrom ?? this.#confirmations.mark;
  }

  get #isConfirmed(): boolean {
    return this.#confirmations.mark === this.#ledger.entries.length;
  }

  /** In memory first, and in one turn: an update that comes now begins a new life after the deletion. */
  async #forget(): Promise<void> {
    const first = this.#ledger.entries[0]?.event;
    const aliases = this.#boundAliases;
    this.#ledger = emptyLedger;
    this.#confirmations = { mark: 0, beyond: new Set() };
    this.#unprovenFrom = null;
    this.#boundAliases = [];
    this.#alarmStands = false;
    this.#sockets.closeAll(closing("unknown", "the message is gone"));
    const deleted = [this.ctx.storage.deleteAlarm(), this.ctx.storage.deleteAll()];
    if (this.#forwardsTo !== null) writeForwardsTo(this.ctx.storage, this.#forwardsTo);
    this.#releasing = first === undefined ? Promise.resolve() : this.#release(first, aliases);
    await Promise.all([...deleted, this.#releasing]);
  }

  async #release({ source, messageId }: Target, aliases: readonly string[]): Promise<void> {
    const releaseOf = (alias: string) =>
      tryAgain(() => this.#objectOf({ source, messageId: alias }).release(messageId));
    await Promise.all(aliases.map(releaseOf));
  }

  /** Upgrades only, from our own route. */
  override async fetch(request: Request): Promise<Response> {
    await this.#load("call");
    if (this.#forwardsTo !== null && !cameForwarded(request)) {
      return this.#objectOf(this.#forwardsTo).fetch(forwarded(request));
    }
    const admission = readAdmission(request.headers);
    const after = new URL(request.url).searchParams.get("after");
    return this.#sockets.open((connection) => startMessageStream(admission, connection, after, this.#ledger));
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#load("call");
    // A replay must not reach a key that is just being asked for.
    await this.#teller.settled();
    await this.#sockets.receive(socket, data);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#sockets.closed(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#sockets.closed(socket, 1006);
  }

  /** Sends again what is not confirmed. Never throws: the platform gives up on an alarm that keeps failing. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    reportLateAlarm("message", info);
    const waitMs = await this.#resend();
    if (waitMs === null || this.#alarmStands) return;
    this.#alarmStands = true;
    await this.ctx.storage.setAlarm(Date.now() + waitMs);
  }

  /** The wait until the next try, in milliseconds; null when everything is confirmed. */
  async #resend(): Promise<number | null> {
    try {
      await this.#load("alarm");
      this.#alarmStands = false;
      if (this.#unprovenFrom !== null) {
        this.#confirmations = { mark: this.#unprovenFrom, beyond: new Set() };
        this.#unprovenFrom = null;
      }
      await this.#send(null);
      const oldest = this.#ledger.entries[this.#confirmations.mark];
      return oldest === undefined ? null : nextResendMs(Date.now() - Date.parse(oldest.event.receivedAt));
    } catch (error) {
      report("message.resendFailed", { error });
      return nextResendMs(0);
    }
  }

  /** Before the update itself is recorded: whoever was answered 200 may count on the binding too. */
  async #bindAliases(request: RecordRequest): Promise<void> {
    const aliases = unboundAliases(request, this.#boundAliases);
    if (aliases.length === 0) return;
    // Calls may overtake each other, and the later one is to win.
    await Promise.allSettled([this.#releasing]);
    const { source, messageId } = request;
    const target = { source, messageId };
    await Promise.all(aliases.map((alias) => this.#objectOf({ source, messageId: alias }).bind(target)));
    this.#boundAliases = [...new Set([...this.#boundAliases, ...aliases])];
    writeBoundAliases(this.ctx.storage, this.#boundAliases);
  }

  #objectOf({ source, messageId }: Target) {
    return this.env.MESSAGE.getByName(messageObjectName(source, messageId));
  }

  #write(added: readonly Entry[], nowMs: number): Promise<void> {
    const alarmAtMs = this.#alarmStands ? null : nowMs + firstResendMs;
    const armed = writeGuarded(this.ctx.storage, added, this.#provenMark, alarmAtMs);
    this.#alarmStands = true;
    return armed;
  }

  /**
   * In a later turn, so that the answer leaves first: where consumer and object share a thread, as on a developer's
   * machine, the fan-out would otherwise run before the provider has heard anything.
   */
  async #sendNext(added: readonly Entry[]): Promise<void> {
    await scheduler.wait(0);
    await this.#send(new Set(added.map(({ event }) => event.version)));
  }

  /** Null: everything unconfirmed. */
  #send(versions: ReadonlySet<number> | null): Promise<void> {
    const unconfirmed = unconfirmedItems(this.#ledger, this.#confirmations);
    const items = unconfirmed.filter(({ event }) => versions === null || versions.has(event.version));
    return sendItems(this.env.EVENTS, items);
  }

  /**
   * Once in a life of the object. `getAlarm` knows nothing of an alarm that is running or about to, so only a call may
   * conclude from "no alarm" that everything is confirmed, and an alarm that fires after all takes it back.
   */
  #load(cause: "call" | "alarm"): Promise<void> {
    this.#loading ??= this.#loadOnce(cause).catch((error: unknown) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #loadOnce(cause: "call" | "alarm"): Promise<void> {
    const alarmStands = cause === "alarm" || (await this.ctx.storage.getAlarm()) !== null;
    const { ledger, confirmedVersion, forwardsTo, boundAliases } = loadMessage(this.ctx.storage);
    this.#ledger = ledger;
    this.#forwardsTo = forwardsTo;
    this.#boundAliases = boundAliases;
    this.#alarmStands = alarmStands;
    this.#unprovenFrom = alarmStands ? null : confirmedVersion;
    const mark = alarmStands ? confirmedVersion : ledger.entries.length;
    this.#confirmations = { mark, beyond: new Set() };
  }
}
