/**
 * One endpoint's deliveries, or one shard of them: what is pending, when it is tried, and what came of it.
 *
 * A delivery stands in SQLite before `accept` resolves, and an alarm stands before anything is sent: whatever dies,
 * what was pending is tried again. Attempts run outside of any transaction, each one's row is written right after it,
 * and the alarm never throws. All that is held in memory may be lost.
 */
import { DurableObject } from "cloudflare:workers";
import { limits } from "../model/limits.ts";
import { report, reportLateAlarm } from "../log/report.ts";
import type { Delivery, Replay } from "../model/subscription.ts";
import { keyringOf } from "../secrets/seal.ts";
import { attempt, type Attempted } from "./attempt.ts";
import * as deliveries from "./deliveries/store.ts";
import type { PendingDelivery } from "./delivery.ts";
import { attemptsAtOnce, nextStartAtMs } from "./health.ts";
import { noFigures, type ShardFigures } from "./log/figures.ts";
import * as log from "./log/store.ts";
import { forgetFailures, logAttempt, recordOutcome } from "./outcome/store.ts";
import * as replays from "./replays/store.ts";
import { deadlineAfterMs } from "./retry.ts";
import { openSecrets } from "./secrets.ts";
import { type HeldSettings, holdSettings } from "./settings/held.ts";
import { loadSubscription } from "./settings/store.ts";
import { type AcceptedShare, lookUp, network } from "./store.ts";
import type { Subscription } from "./subscription.ts";
import { readTargetPolicy } from "./target.ts";
import { hasWork, workOn } from "./work/store.ts";

type Pause = "delivery.postponed" | "subscription.stuck" | "subscription.workPostponed";

/** How long to leave D1 or the other objects alone when they failed. */
const restMs = 5_000;
/** How long a replay waits for its deliveries. */
const idleMs = 500;
/** Waits that are longer are left to the alarm, so that the object may sleep. */
const timerMsMax = 10_000;

export class SubscriptionObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #kv: SyncKvStorage;
  /** Written with the first share; an object that was only read stays empty. */
  #id: string | null;
  readonly #inFlight = new Set<string>();
  readonly #settings: HeldSettings;
  #timeoutsInRow = 0;
  #nextStartAtMs = 0;
  #restUntilMs = 0;
  #dueFirst = false;
  #hasWork: boolean;
  #isWorking = false;
  #workAtMs = 0;
  #isWiped = false;
  #alarmAtMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#kv = ctx.storage.kv;
    const known = this.#kv.get("subscription");
    this.#id = typeof known === "string" ? known : null;
    this.#hasWork = this.#id !== null && hasWork(this.#kv);
    this.#settings = holdSettings({
      load: (id) => loadSubscription(env, id),
      open: (subscription) => openSecrets(keyringOf(env), subscription),
      nowMs: () => Date.now(),
    });
    const alarmKnown = ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = await ctx.storage.getAlarm();
    });
    ctx.waitUntil(alarmKnown);
  }

  /** Makes the deliveries of these events. When it resolves they are durable; events it knows change nothing. */
  accept({ subscription, deliveries: made, replay }: AcceptedShare): void {
    if (this.#isWiped) return;
    this.#settings.learn(subscription);
    if (this.#settings.known()?.status !== "active") return;
    const nowMs = Date.now();
    this.ctx.storage.transactionSync(() => {
      if (this.#id === null) {
        deliveries.createTables(this.#sql);
        this.#kv.put("subscription", subscription.id);
      }
      for (const delivery of made) {
        deliveries.insertDelivery(this.#sql, delivery, nowMs, nowMs + deadlineAfterMs, replay ?? null);
      }
    });
    this.#id = subscription.id;
    this.#proceed();
  }

  /** Acts on changed settings at once. */
  refresh(subscription: Subscription): void {
    if (this.#isWiped) return;
    this.#settings.learn(subscription);
    if (this.#settings.known()?.status !== "active") this.#standDown();
    this.#proceed();
  }

  /** The subscription is no more, and with it all that was kept of it. */
  async wipe(): Promise<void> {
    this.#isWiped = true;
    this.#id = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }

  list(query: log.DeliveryQuery): Delivery[] {
    return this.#id === null ? [] : log.listDeliveries(this.#sql, this.#id, query);
  }

  find(keys: readonly deliveries.DeliveryKey[], sources: log.DeliveryQuery["sources"]): Delivery[] {
    return this.#id === null ? [] : log.findDeliveries(this.#sql, this.#id, keys, sources);
  }

  figures(sinceMs: number, sources: log.DeliveryQuery["sources"]): ShardFigures {
    return this.#id === null ? noFigures : log.readFigures(this.#sql, sinceMs, sources);
  }

  lastSuccessMs(): number | null {
    return this.#id === null ? null : log.readLastSuccessMs(this.#sql);
  }

  countWaiting(most: number): number {
    return this.#id === null ? 0 : deliveries.countWaiting(this.#sql, most);
  }

  erase(keys: readonly deliveries.DeliveryKey[]): void {
    if (this.#id !== null) deliveries.eraseDeliveries(this.#sql, keys);
  }

  /** Tries a delivery now; one that has ended begins again. Null: there is none of this event, and of these sources. */
  retry(eventId: string, sources: log.DeliveryQuery["sources"]): Delivery | null {
    const query = { eventId, state: null, sinceMs: null, sources, after: null, limit: 1 };
    const read = () => this.list(query)[0] ?? null;
    const found = read();
    if (found === null || this.#inFlight.has(eventId)) return found;
    const key = { eventId, receivedAtMs: Date.parse(found.receivedAt) };
    if (found.state === "retrying") deliveries.hasten(this.#sql, key, Date.now());
    else deliveries.beginAgain(this.#sql, key, Date.now() + deadlineAfterMs, null);
    this.#proceed();
    return read();
  }

  /** Begins those deliveries again that are here and not being attempted. */
  beginAgain(replay: string, keys: readonly deliveries.DeliveryKey[]): void {
    if (this.#id === null) return;
    for (const key of keys.filter(({ eventId }) => !this.#inFlight.has(eventId))) {
      deliveries.beginAgain(this.#sql, key, Date.now() + deadlineAfterMs, replay);
    }
    this.#proceed();
  }

  /** False: it may not begin now. */
  startReplay(subscription: Subscription, job: replays.ReplayJob): boolean {
    this.accept({ subscription, deliveries: [] });
    if (this.#id === null || !replays.startJob(this.#kv, job)) return false;
    this.#hasWork = true;
    this.#proceed();
    return true;
  }

  listReplays(): Replay[] {
    const id = this.#id;
    return id === null ? [] : replays.listJobs(this.#kv).map((job) => replays.showJob(id, job));
  }

  override alarm(info?: AlarmInvocationInfo): void {
    reportLateAlarm("subscription", info);
    this.#alarmAtMs = null;
    try {
      if (this.#id === null) return;
      const cutoffMs = Date.now() - limits.deliveryRetentionMs;
      deliveries.pruneDeliveries(this.#sql, cutoffMs);
      replays.pruneJobs(this.#kv, new Date(cutoffMs).toISOString());
    } catch (error) {
      report("subscription.unpruned", { subscription: this.#id, error });
    }
    this.#proceed();
  }

  /** Nothing is delivered any more; what is being attempted ends with its attempt. */
  #standDown(): void {
    if (this.#id === null) return;
    deliveries.cancelUnfinished(this.#sql, Date.now(), [...this.#inFlight]);
    forgetFailures(this.#kv);
  }

  /** Arms the alarm, then starts whatever may start now. Safe to call at any time; never throws. */
  #proceed(): void {
    const id = this.#id;
    if (id === null) return;
    try {
      this.#arm();
      this.#start(id);
    } catch (error) {
      this.#rest("subscription.stuck", error);
    }
  }

  #arm(): void {
    const nowMs = Date.now();
    const atMs = deliveries.readAlarmMs(this.#sql, nowMs, this.#inFlight.size > 0 || this.#hasWork);
    if (atMs === null || (this.#alarmAtMs !== null && this.#alarmAtMs <= atMs)) return;
    this.#alarmAtMs = atMs;
    this.ctx.waitUntil(this.ctx.storage.setAlarm(atMs));
  }

  #start(id: string): void {
    const nowMs = Date.now();
    if (this.#restUntilMs > nowMs) return this.#wakeAt(this.#restUntilMs);
    if (this.#hasWork && !this.#isWorking) {
      if (this.#workAtMs > nowMs) this.#wakeAt(this.#workAtMs);
      else this.ctx.waitUntil(this.#work(id));
    }
    this.#dueFirst = !this.#dueFirst;
    const startable = deliveries.readStartable(this.#sql, nowMs, {
      inFlight: this.#inFlight,
      count: attemptsAtOnce(this.#timeoutsInRow) - this.#inFlight.size,
      dueFirst: this.#dueFirst,
    });
    for (const delivery of startable) {
      if (this.#nextStartAtMs > nowMs) return this.#wakeAt(this.#nextStartAtMs);
      this.#nextStartAtMs = nextStartAtMs(nowMs, this.#settings.known());
      this.#inFlight.add(delivery.eventId);
      this.ctx.waitUntil(this.#attempt(id, delivery));
    }
  }

  async #attempt(id: string, delivery: PendingDelivery): Promise<void> {
    try {
      const subscription = await this.#settings.current(id);
      if (subscription === null) return await this.wipe();
      const attempted = await this.#carryOut(subscription, delivery);
      if (this.#id === null) return;
      const known = this.#settings.known();
      const isRetiring = recordOutcome(this.ctx.storage, delivery, attempted, {
        nowMs: Date.now(),
        chance: Math.random(),
        active: known?.status === "active",
        url: subscription.url,
        isReplaced: known?.url !== subscription.url,
      });
      this.#hasWork ||= isRetiring;
      this.#timeoutsInRow =
        attempted.kind === "attempted" && attempted.result.timedOut ? this.#timeoutsInRow + 1 : 0;
      if (attempted.kind === "attempted") logAttempt(subscription, delivery, attempted.result);
    } catch (error) {
      this.#rest("delivery.postponed", error);
    } finally {
      this.#inFlight.delete(delivery.eventId);
      this.#proceed();
    }
  }

  async #carryOut(subscription: Subscription, delivery: PendingDelivery): Promise<Attempted> {
    if (subscription.status !== "active") {
      this.#standDown();
      return { kind: "ended", state: "canceled" };
    }
    const secrets = await this.#settings.secretsOf(subscription);
    const policy = readTargetPolicy(this.env);
    return attempt(delivery, subscription, secrets, { network, lookUp, policy });
  }

  async #work(id: string): Promise<void> {
    this.#isWorking = true;
    try {
      const subscription = await this.#settings.current(id);
      if (subscription === null) return await this.wipe();
      const didWork = await workOn(this.env, this.#kv, subscription, () => this.#id === null);
      if (!didWork) this.#workAtMs = Date.now() + idleMs;
      this.#hasWork = this.#id !== null && hasWork(this.#kv);
    } catch (error) {
      this.#rest("subscription.workPostponed", error);
    } finally {
      this.#isWorking = false;
      this.#proceed();
    }
  }

  #rest(line: Pause, error: unknown): void {
    this.#restUntilMs = Date.now() + restMs;
    report(line, { subscription: this.#id, error });
    this.#wakeAt(this.#restUntilMs);
  }

  /** Sooner than the alarm would; if the object dies before, the alarm is there. */
  #wakeAt(atMs: number): void {
    const waitMs = Math.max(0, atMs - Date.now());
    if (this.#timer !== null || waitMs > timerMsMax) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#proceed();
    }, waitMs);
  }
}
