/** What the platform would bill for a mix of updates, counted where it bills: units an update, and dollars a million. */
import { closedLoop } from "./load.ts";
import { amountsOf, billOf, planPerMonth } from "./costs.ts";
import { makeSources, send, webhook } from "./ingest.ts";
import { startTickline, type Tickline, type Units } from "./service.ts";
import { openSubscribers, until } from "./subscribers.ts";

const updatesTotal = 2_000;
const updatesPerMessage = 4;
/** Of ten updates, those at these places say again what an earlier one has said. */
const repeatPlaces: ReadonlySet<number> = new Set([3, 6, 9]);

export interface BillingFigures {
  readonly updates: number;
  readonly events: number;
  readonly messages: number;
  readonly withoutSubscription: Units;
  readonly withOne: Units;
  /** Retention, of what both runs had made. */
  readonly retention: Units;
}

/** In a service of its own, so that nobody else's subscription is billed with it. */
export async function measureBilling(script: string): Promise<BillingFigures> {
  const tickline = await startTickline(script);
  try {
    await makeSources(tickline);
    await sendMix(tickline, "warm", 40);
    const withoutSubscription = await unitsOf(tickline, () => sendMix(tickline, "none", updatesTotal));
    let received = 0;
    const subscriber = await openSubscribers(tickline, {
      // Everything, also what changed nothing.
      settings: { filter: { effects: [] } },
      onBody: () => {
        received += 1;
      },
    });
    const withOne = await unitsOf(tickline, async () => {
      await sendMix(tickline, "one", updatesTotal);
      await until(() => received >= eventsOf(updatesTotal));
    });
    const retention = await unitsOf(tickline, () => tickline.expireAll());
    await subscriber.stop();
    return {
      updates: updatesTotal,
      events: eventsOf(updatesTotal),
      messages: eventsOf(updatesTotal) / updatesPerMessage,
      withoutSubscription,
      withOne,
      retention,
    };
  } finally {
    await tickline.stop();
  }
}

function eventsOf(updates: number): number {
  return (updates * (10 - repeatPlaces.size)) / 10;
}

/** Four updates a message, each long after the one before, as they come in life; three of ten repeated. */
async function sendMix(tickline: Tickline, run: string, total: number): Promise<void> {
  const messages = eventsOf(total) / updatesPerMessage;
  let fresh = 0;
  const bodies = Array.from({ length: total }, (_, place) => {
    const count = repeatPlaces.has(place % 10) ? fresh - 1 : fresh++;
    return webhook((count % messages) * updatesPerMessage + Math.floor(count / messages), run);
  });
  await closedLoop(32, total, (count) => send(tickline, bodies[count - 1]));
}

/** What the work cost, with all that follows from it. */
async function unitsOf(tickline: Tickline, work: () => Promise<void>): Promise<Units> {
  const before = await tickline.settled();
  await work();
  const after = await tickline.settled();
  return Object.fromEntries(
    Object.entries(after).map(([name, amount]) => [name, amount - (before[name] ?? 0)]),
  );
}

/** Rows that an object's class wrote, each alarm set counted as one. */
export function objectRows(units: Units, name: "message" | "feed" | "subscription"): number {
  return (units[`${name}Rows`] ?? 0) + (units[`${name}Alarms`] ?? 0);
}

/** Dollars a million updates, at so many a month; CPU and wall time as assumed in costs.ts, all else as counted. */
export function dollarsPerMillion(
  units: Units,
  updates: number,
  updatesPerMonth: number,
  subscriptions: number,
): number {
  const perMonth = (amount: number) => (amount / updates) * updatesPerMonth;
  const names = ["message", "feed", "subscription"] as const;
  const sum = (of: (name: (typeof names)[number]) => number) =>
    names.reduce((total, name) => total + of(name), 0);
  const { workerCpuMs = 0, objectGbSeconds = 0 } = amountsOf(updatesPerMonth, subscriptions).running;
  const bill = billOf({
    workerCpuMs,
    objectGbSeconds,
    workerRequests: perMonth(units["workerRequests"] ?? 0),
    objectRequests: perMonth(sum((name) => units[`${name}Requests`] ?? 0)),
    objectRowsWritten: perMonth(sum((name) => objectRows(units, name))),
    databaseRowsWritten: perMonth(units["databaseRowsWritten"] ?? 0),
    // Written, read and deleted.
    queueOperations: perMonth(3 * (units["queueMessages"] ?? 0)),
  });
  return ((planPerMonth + bill) * 1e6) / updatesPerMonth;
}
