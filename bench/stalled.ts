/** How long until 300 followers of the feed have everything, beside clients that do not read, over the same alone. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { send, webhook } from "./ingest.ts";
import { textOf } from "./live.ts";
import { medianOf } from "./load.ts";
import type { Tickline } from "./service.ts";
import { until } from "./subscribers.ts";

const honestTotal = 300;
const eventsTotal = 400;
const eventsAtOnce = 10;
const roundsTotal = 5;
/** Of the client that does not read: so that it is sent more than the network holds for it. */
const unreadSubscriptions = 8;

export interface StalledFigures {
  /** Of the rounds' ratios, each of two runs right after one another. */
  readonly medianRatio: number;
  readonly aloneMs: number;
  readonly besideStalledMs: number;
}

export async function measureStalled(tickline: Tickline): Promise<StalledFigures> {
  const rounds: { aloneMs: number; besideMs: number }[] = [];
  const honest = await followAll(tickline);
  try {
    await publish(tickline, honest, "warm");
    for (let round = 0; round < roundsTotal; round += 1) {
      const alone = () => publish(tickline, honest, `alone-${round}`);
      // In turns first and second: what grows over the run burdens both alike.
      if (round % 2 === 0) {
        const aloneMs = await alone();
        rounds.push({ aloneMs, besideMs: await publishBesideStalled(tickline, honest, round) });
      } else {
        const besideMs = await publishBesideStalled(tickline, honest, round);
        rounds.push({ aloneMs: await alone(), besideMs });
      }
    }
  } finally {
    for (const socket of honest.sockets) socket.terminate();
  }
  return {
    medianRatio: medianOf(rounds.map(({ aloneMs, besideMs }) => besideMs / aloneMs)),
    aloneMs: medianOf(rounds.map(({ aloneMs }) => aloneMs)),
    besideStalledMs: medianOf(rounds.map(({ besideMs }) => besideMs)),
  };
}

interface Followers {
  readonly sockets: readonly WebSocket[];
  /** Events that reached each of them since it was last emptied. */
  readonly counts: number[];
}

async function followAll(tickline: Tickline): Promise<Followers> {
  const counts = Array.from({ length: honestTotal }, () => 0);
  const sockets = await Promise.all(
    counts.map((_, index) =>
      follow(tickline, "now", (text) => {
        counts[index] = (counts[index] ?? 0) + text.split('"evt_').length - 1;
      }),
    ),
  );
  return { sockets, counts };
}

/** One whose connection is not read, and one that reads but never acks its replay. */
async function publishBesideStalled(tickline: Tickline, honest: Followers, round: number): Promise<number> {
  const unread = await follow(tickline, "now", () => {}, unreadSubscriptions);
  unread.pause();
  const unacked = await follow(tickline, "earliest", () => {});
  try {
    return await publish(tickline, honest, `beside-${round}`);
  } finally {
    unread.terminate();
    unacked.terminate();
  }
}

/** Milliseconds from the first webhook until all followers have the events of the last. */
async function publish(tickline: Tickline, { counts }: Followers, run: string): Promise<number> {
  counts.fill(0);
  const startedMs = performance.now();
  for (let from = 0; from < eventsTotal; from += eventsAtOnce) {
    const indexes = Array.from({ length: eventsAtOnce }, (_, place) => from + place);
    await Promise.all(indexes.map((index) => send(tickline, webhook(index, `stalled-${run}`))));
  }
  await until(() => counts.every((count) => count === eventsTotal));
  return performance.now() - startedMs;
}

/** Resolves when all its subscriptions stand. */
async function follow(
  tickline: Tickline,
  after: string,
  onEvents: (text: string) => void,
  subscriptions = 1,
): Promise<WebSocket> {
  const socket = new WebSocket(`${tickline.url.replace("http", "ws")}/v1/stream`, ["tickline.v1"], {
    headers: { "X-API-Key": tickline.key },
  });
  let standing = 0;
  socket.on("message", (data) => {
    const text = textOf(data);
    if (text.startsWith('{"type":"subscribed"')) standing += 1;
    if (text.startsWith('{"type":"events"')) onEvents(text);
  });
  await once(socket, "open");
  for (let index = 0; index < subscriptions; index += 1) {
    socket.send(JSON.stringify({ type: "subscribe", id: `s${index}`, after }));
  }
  await until(() => standing === subscriptions);
  return socket;
}
