/**
 * One endpoint's deliveries, or one shard of them: what is pending, when it is tried, and what came of it.
 *
 * A delivery stands in SQLite before `accept` resolves, and an alarm stands before anything is sent: whatever dies,
 * what was pending is tried again. Attempts run outside of any transaction, each one's row is written right after it,
 * and the alarm never throws. All that is held in memory may be lost.
 */
import { DurableObject } from "cloudflare:workers";
import * as limits from "../model/limits.ts";
import { report, reportLateAlarm } from "../log/report.ts";
import type { Delivery, Replay } from "../model/subscription.ts";
import type { DeliveryState } from "../model/subscriptionWords.ts";
import { keyringOf } from "../secrets/seal.ts";
import { attempt, renderDue } from "./attempts/attempt.ts";
import { openSecrets } from "./attempts/secrets.ts";
import { lookUp, network, startTimer } from "./attempts/store.ts";
import { readTargetPolicy } from "./attempts/target.ts";
import type { PendingDelivery } from "./deliveries/delivery.ts";
import * as deliveries from "./deliveries/store.ts";
import { noFigures, type ShardFigures } from "./log/figures.ts";
import * as log from "./log/store.ts";
import { forgetFailures, logAttempt, readFailureRun, recordOutcome } from "./outcome/store.ts";
import type { Rendered } from "./rendering.ts";
import { statesBegunAgain } from "./replays/replay.ts";
import * as replays from "./replays/store.ts";
import { type Engine, holdEngine } from "./schedule/engine.ts";
import { type Rate, shardThatCedes } from "./schedule/pace.ts";
import { deadlineAfterMs } from "./schedule/retry.ts";
import { readLastStart, writeLastStart } from "./schedule/store.ts";
import { type HeldSettings, holdSettings } from "./settings/held.ts";
import { loadSubscription } from "./settings/store.ts";
import { shardOfObject } from "./shard.ts";
import { type AcceptedShare, callObject } from "./store.ts";
import type { Subscription } from "./subscription.ts";
import { hasWork, workOn } from "./work/store.ts";

export class SubscriptionObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #kv: SyncKvStorage;
  /** Written with the first share; an object that was only read stays empty. */
  #id: string | null;
  #isWiped = false;
  readonly #shard: number;
  readonly #settings: HeldSettings;
  readonly #engine: Engine;
  /** As stored, where it is read with every step. */
  #hasWork: boolean;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#kv = ctx.storage.kv;
    this.#shard = shardOfObject(ctx.id.name);
    const known = this.#kv.get("subscription");
    this.#id = typeof known === "string" ? known : null;
    this.#hasWork = this.#id !== null && hasWork(this.#kv);
    this.#settings = holdSettings({
      load: (id) => loadSubscription(env, id),
      open: (subscription) => openSecrets(keyringOf(env), subscription),
      nowMs: network.nowMs,
    });
    this.#engine = holdEngine({
      clock: {
        nowMs: network.nowMs,
        startTimer,
        setAlarm: (atMs) => ctx.waitUntil(ctx.storage.setAlarm(atMs)),
      },
      isOpen: () => this.#id !== null,
      settings: this.#settings,
      readSettings: () => this.#readSettings(),
      readStanding: () => deliveries.readStanding(this.#sql),
      attempts: {
        shard: this.#shard,
        readStartable: (atMs, choice) => deliveries.readStartable(this.#sql, atMs, choice),
        readFailureRun: (url) => readFailureRun(this.#kv, url),
        writeLastStart: (start) => writeLastStart(this.#kv, start),
        prepare: (subscription, delivery, nowMs) => this.#prepare(subscription, delivery, nowMs),
      },
      work: { isPending: () => this.#hasWork, step: (subscription) => this.#work(subscription) },
      keepAwake: (work) => ctx.waitUntil(work),
      reportPause: (line, error) => report(line, { subscription: this.#id, error }),
    });
    if (this.#id === null) return;
    const found = async () => this.#engine.remember(await ctx.storage.getAlarm(), readLastStart(this.#kv));
    ctx.waitUntil(ctx.blockConcurrencyWhile(found));
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
    this.#engine.proceed();
  }

  /** Acts on changed settings at once. */
  refresh(subscription: Subscription): void {
    if (this.#isWiped) return;
    this.#settings.learn(subscription);
    this.#standDownUnlessActive();
    this.#engine.proceed();
  }

  /** Leaves a start to an object beyond the parallelism. */
  cede(rate: Rate): void {
    if (this.#id !== null) this.#engine.cede(rate);
  }

  /** The subscription is no more, and with it all that was kept of it. */
  async wipe(): Promise<void> {
    this.#isWiped = true;
    this.#id = null;
    this.#engine.stop();
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
    if (found === null || this.#engine.inFlight.has(eventId)) return found;
    const key = { eventId, receivedAtMs: Date.parse(found.receivedAt) };
    if (found.state === "retrying") deliveries.hasten(this.#sql, key, Date.now());
    else this.#beginAgain(key, null, [found.state]);
    this.#engine.proceed();
    return read();
  }

  /** Begins those deliveries again that are here, still in a state that the replay is for, and not being attempted. */
  beginAgain(
    { id, only }: Pick<replays.ReplayJob, "id" | "only">,
    keys: readonly deliveries.DeliveryKey[],
  ): void {
    if (this.#id === null) return;
    for (const key of keys.filter(({ eventId }) => !this.#engine.inFlight.has(eventId))) {
      this.#beginAgain(key, id, statesBegunAgain[only]);
    }
    this.#engine.proceed();
  }

  /** False: it may not begin now. */
  startReplay(subscription: Subscription, job: replays.ReplayJob): boolean {
    this.accept({ subscription, deliveries: [] });
    if (this.#id === null || !replays.startJob(this.#kv, job)) return false;
    this.#hasWork = true;
    this.#engine.proceed();
    return true;
  }

  listReplays(): Replay[] {
    const id = this.#id;
    return id === null ? [] : replays.listJobs(this.#kv).map((job) => replays.showJob(id, job));
  }

  override alarm(info?: AlarmInvocationInfo): void {
    reportLateAlarm("subscription", info);
    this.#engine.alarmRang();
    try {
      if (this.#id === null) return;
      const cutoffMs = Date.now() - limits.deliveryRetentionMs;
      deliveries.pruneDeliveries(this.#sql, cutoffMs);
      replays.pruneJobs(this.#kv, new Date(cutoffMs).toISOString());
    } catch (error) {
      report("subscription.unpruned", { subscription: this.#id, error });
    }
    this.#engine.proceed();
  }

  #beginAgain(key: deliveries.DeliveryKey, replay: string | null, states: readonly DeliveryState[]): void {
    const deadlineMs = Date.now() + deadlineAfterMs;
    deliveries.beginAgain(this.#sql, key, { deadlineMs, replay, states });
  }

  async #readSettings(): Promise<void> {
    if (this.#id === null) return;
    if ((await this.#settings.read(this.#id)) === null) await this.wipe();
    else this.#standDownUnlessActive();
  }

  /** Nothing is delivered any more; what is being attempted ends with its attempt. */
  #standDownUnlessActive(): void {
    if (this.#id === null || this.#settings.known()?.status === "active") return;
    deliveries.cancelUnfinished(this.#sql, Date.now(), [...this.#engine.inFlight]);
    forgetFailures(this.#kv);
  }

  #prepare(subscription: Subscription, delivery: PendingDelivery, nowMs: number) {
    const due = this.#render(subscription, delivery, nowMs);
    if (typeof due !== "string") return () => this.#attempt(subscription, delivery, due);
    deliveries.endDelivery(this.#sql, delivery, due, nowMs);
    return null;
  }

  /** Null: it threw, which must not keep the others. */
  #render(subscription: Subscription, delivery: PendingDelivery, nowMs: number) {
    try {
      return renderDue(delivery, subscription, nowMs);
    } catch (error) {
      report("delivery.unrendered", { subscription: this.#id, error });
      return null;
    }
  }

  async #attempt(
    subscription: Subscription,
    delivery: PendingDelivery,
    rendering: Rendered | null,
  ): Promise<void> {
    const ceding = shardThatCedes(subscription, this.#shard);
    if (ceding !== null) {
      await callObject(this.env, subscription.id, ceding, (object) => object.cede(subscription));
    }
    const secrets = await this.#settings.secretsOf(subscription);
    const surroundings = { network, lookUp, policy: readTargetPolicy(this.env) };
    const result = await attempt(delivery, rendering, subscription, secrets, surroundings);
    if (this.#id === null) return;
    const known = this.#settings.known();
    const isRetiring = recordOutcome(this.ctx.storage, delivery, result, {
      nowMs: Date.now(),
      chance: Math.random(),
      active: known?.status === "active",
      url: subscription.url,
      isReplaced: known?.url !== subscription.url,
    });
    this.#hasWork ||= isRetiring;
    logAttempt(subscription, delivery, result);
  }

  async #work(subscription: Subscription): Promise<boolean> {
    const didWork = await workOn(this.env, this.#kv, subscription, () => this.#id === null);
    this.#hasWork = this.#id !== null && hasWork(this.#kv);
    return didWork;
  }
}
