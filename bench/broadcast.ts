/**
 * What the feed sends to its sockets, beside a bare object that sends the same bytes. Both are given their events
 * directly, one publication after the other, in turns; nothing of ingest, queue and tables is in it.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { type ExampleEvent, eventsText, exampleEvent } from "./events.ts";
import { textOf } from "./live.ts";
import { medianOf } from "./load.ts";
import { type Running, startProgram, type Tickline } from "./service.ts";
import { until } from "./subscribers.ts";

const roundsTotal = 7;
const framesPerRound = 30;

export interface BroadcastFigures {
  /** Medians of the rounds, in frames a second that reached every socket. */
  readonly feedPerSecond: number;
  readonly barePerSecond: number;
  /** Median of the rounds' ratios: of runs right after one another. */
  readonly ratio: number;
}

export async function measureBroadcast(
  tickline: Tickline,
  socketsTotal: number,
  eventsPerFrame: number,
): Promise<BroadcastFigures> {
  const bare = await startProgram("broadcast");
  const event = await exampleEvent(tickline);
  const feedCrowd = await followFeed(tickline, socketsTotal);
  const bareCrowd = await openCrowd(socketsTotal, () => openSocket(bare.url, [], {}));
  const frame = await frameOf(tickline, feedCrowd, event, eventsPerFrame);
  const rounds: { feed: number; bare: number }[] = [];
  try {
    for (let round = 0; round <= roundsTotal; round += 1) {
      const figures = {
        bare: await rate(bareCrowd, () => broadcast(bare, frame)),
        feed: await rate(feedCrowd, () => tickline.publish(eventsText(event, eventsPerFrame))),
      };
      // The first is for warming up.
      if (round > 0) rounds.push(figures);
    }
  } finally {
    for (const { sockets } of [feedCrowd, bareCrowd]) for (const socket of sockets) socket.terminate();
    await bare.stop();
  }
  return {
    feedPerSecond: medianOf(rounds.map(({ feed }) => feed)),
    barePerSecond: medianOf(rounds.map((figures) => figures.bare)),
    ratio: medianOf(rounds.map((figures) => figures.feed / figures.bare)),
  };
}

interface Crowd {
  readonly sockets: readonly WebSocket[];
  /** Frames received by all of them since the crowd came together. */
  readonly received: { frames: number; lastText: string };
}

async function rate(crowd: Crowd, publish: () => Promise<void>): Promise<number> {
  const wanted = crowd.received.frames + framesPerRound * crowd.sockets.length;
  const startedMs = performance.now();
  for (let index = 0; index < framesPerRound; index += 1) await publish();
  await until(() => crowd.received.frames >= wanted);
  return (framesPerRound * 1000) / (performance.now() - startedMs);
}

async function openCrowd(total: number, open: () => Promise<WebSocket>): Promise<Crowd> {
  const received = { frames: 0, lastText: "" };
  const sockets = await Promise.all(Array.from({ length: total }, open));
  for (const socket of sockets) {
    socket.on("message", (data) => {
      received.frames += 1;
      if (socket === sockets[0]) received.lastText = textOf(data);
    });
  }
  return { sockets, received };
}

/** Everyone is live when this resolves, and has been told so. */
async function followFeed(tickline: Tickline, total: number): Promise<Crowd> {
  const headers = { "X-API-Key": tickline.key };
  const crowd = await openCrowd(total, async () => {
    const socket = await openSocket(`${tickline.url}/v1/stream`, ["tickline.v1"], headers);
    const live = new Promise<void>((resolve) => {
      socket.on("message", function listen(data) {
        if (!textOf(data).includes('"type":"live"')) return;
        socket.off("message", listen);
        resolve();
      });
    });
    socket.send(JSON.stringify({ type: "subscribe", id: "s", after: "now" }));
    await live;
    return socket;
  });
  return crowd;
}

async function openSocket(
  url: string,
  protocols: string[],
  headers: Record<string, string>,
): Promise<WebSocket> {
  const socket = new WebSocket(url.replace("http", "ws"), protocols, { headers, perMessageDeflate: false });
  await once(socket, "open");
  return socket;
}

/** The very bytes that the feed sends for so many events. */
async function frameOf(
  tickline: Tickline,
  crowd: Crowd,
  event: ExampleEvent,
  eventsPerFrame: number,
): Promise<string> {
  const wanted = crowd.received.frames + crowd.sockets.length;
  await tickline.publish(eventsText(event, eventsPerFrame));
  await until(() => crowd.received.frames >= wanted);
  const frame = crowd.received.lastText;
  if (frame.split('"evt_').length - 1 === eventsPerFrame) return frame;
  throw new Error(`not the frame of events: ${frame}`);
}

async function broadcast(bare: Running, frame: string): Promise<void> {
  const response = await fetch(bare.url, { method: "POST", body: frame });
  if (response.status !== 204) throw new Error(`the bare program answered ${response.status}`);
}
