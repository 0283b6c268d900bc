/** Deliveries a second: to one fast endpoint at parallelism 1 and 8, and to fifty endpoints, by replaying what is kept. */
import { benchSource, send, webhook } from "./ingest.ts";
import { closedLoop } from "./load.ts";
import type { Tickline } from "./service.ts";
import { openSubscribers, until } from "./subscribers.ts";

export interface DeliveryFigures {
  readonly toOne: number;
  readonly toOneEightfold: number;
  readonly toFifty: number;
}

const eventsMax = 600;
const endpointsTotal = 50;

export async function measureDeliveries(tickline: Tickline): Promise<DeliveryFigures> {
  await closedLoop(16, eventsMax, (index) => send(tickline, webhook(index, "replayed")));
  await tickline.settled();
  return {
    toOne: await replayRate(tickline, 1, 1, eventsMax),
    toOneEightfold: await replayRate(tickline, 1, 8, eventsMax),
    toFifty: await replayRate(tickline, endpointsTotal, 1, eventsMax / 10),
  };
}

async function replayRate(
  tickline: Tickline,
  endpoints: number,
  parallelism: number,
  eventsWanted: number,
): Promise<number> {
  let received = 0;
  const subscribers = await openSubscribers(tickline, {
    total: endpoints,
    settings: { filter: { sources: [benchSource], effects: [] }, parallelism },
    onBody: () => {
      received += 1;
    },
  });
  const since = new Date(Date.now() - 60 * 60_000).toISOString();
  const startedMs = performance.now();
  await Promise.all(
    subscribers.ids.map((id) =>
      tickline.call("POST", `/v1/subscriptions/${id}/replay`, { since, only: "all" }),
    ),
  );
  await until(() => received >= eventsWanted * endpoints, 120_000);
  const rate = (received * 1000) / (performance.now() - startedMs);
  await subscribers.stop();
  return rate;
}
