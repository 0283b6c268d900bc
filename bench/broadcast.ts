/** Events a second to 300 sockets of the feed, beside a bare object that broadcasts the same bytes. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { benchSource, send, webhook } from "./ingest.ts";
import { textOf, until } from "./live.ts";
import { startProgram, type Tickline } from "./service.ts";

const socketsTotal = 300;
const framesTotal = 40;
const eventsPerFrame = 10;

export interface BroadcastFigures {
  /** Frames that reached all sockets, a second. */
  readonly feedPerSecond: number;
  readonly barePerSecond: number;
}

/** A resumed feed: everything is published, then 300 sockets read all of it at once. */
export async function measureBroadcast(tickline: Tickline): Promise<BroadcastFigures> {
  const bare = await startProgram("broadcast");
  try {
    const frame = await exampleFrame(tickline);
    return {
      barePerSecond: await bareRate(bare.url, frame),
      feedPerSecond: await feedRate(tickline),
    };
  } finally {
    await bare.stop();
  }
}

async function bareRate(url: string, frame: string): Promise<number> {
  let received = 0;
  const sockets = await openAll(url, [], {}, () => {
    received += 1;
  });
  const startedMs = performance.now();
  for (let index = 0; index < framesTotal; index += 1) {
    await fetch(url, { method: "POST", body: frame });
  }
  await until(() => received >= socketsTotal * framesTotal);
  const rate = (framesTotal * 1000) / (performance.now() - startedMs);
  for (const socket of sockets) socket.terminate();
  return rate;
}

async function feedRate(tickline: Tickline): Promise<number> {
  let received = 0;
  const sockets = await openAll(
    `${tickline.url}/v1/stream`,
    ["tickline.v1"],
    { "X-API-Key": tickline.key },
    (text) => {
      if (text.includes('"type":"events"')) received += text.split('"evt_').length - 1;
    },
  );
  for (const socket of sockets) socket.send(JSON.stringify({ type: "subscribe", id: "s", after: "now" }));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const total = framesTotal * eventsPerFrame;
  const startedMs = performance.now();
  for (let index = 0; index < framesTotal; index += 1) {
    await Promise.all(
      Array.from({ length: eventsPerFrame }, (_, place) =>
        send(tickline, webhook(index * eventsPerFrame + place, "broadcast")),
      ),
    );
  }
  await until(() => received >= socketsTotal * total);
  const rate = (framesTotal * 1000) / (performance.now() - startedMs);
  for (const socket of sockets) socket.terminate();
  return rate;
}

/** A real frame of ten events, as the feed sends it. */
async function exampleFrame(tickline: Tickline): Promise<string> {
  for (let index = 0; index < eventsPerFrame; index += 1) await send(tickline, webhook(index, "example"));
  const page = await tickline.call("GET", `/v1/events?sources=${benchSource}&limit=${eventsPerFrame}`);
  return JSON.stringify({ type: "events", id: "s", from: "x.1", to: "x.11", replay: false, ...Object(page) });
}

async function openAll(
  url: string,
  protocols: string[],
  headers: Record<string, string>,
  onFrame: (text: string) => void,
): Promise<WebSocket[]> {
  return Promise.all(
    Array.from({ length: socketsTotal }, async () => {
      const socket = new WebSocket(url.replace("http", "ws"), protocols, { headers });
      socket.on("message", (data) => onFrame(textOf(data)));
      await once(socket, "open");
      return socket;
    }),
  );
}
