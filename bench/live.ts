/** How long after its POST an event is seen: on its message's socket, on the feed, and by a webhook's receiver. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type RawData, WebSocket } from "ws";
import { benchSource, send, webhook } from "./ingest.ts";
import { type Spread, spreadOf } from "./load.ts";
import type { Tickline } from "./service.ts";
import { openSubscribers, until } from "./subscribers.ts";

export interface LiveFigures {
  readonly messageFrame: Spread;
  readonly feedFrame: Spread;
  readonly webhookReceived: Spread;
}

const decoder = new TextDecoder();
const perSecond = 10;

export async function measureLive(tickline: Tickline, seconds: number): Promise<LiveFigures> {
  const seen = { feed: new Map<string, number>(), webhook: new Map<string, number>() };
  const subscriber = await openSubscribers(tickline, { onBody: (body) => note(seen.webhook, body) });
  const feed = await openSocket(tickline, "/v1/stream");
  feed.on("message", (data) => note(seen.feed, textOf(data)));
  feed.send(
    JSON.stringify({ type: "subscribe", id: "s1", after: "now", filter: { sources: [benchSource] } }),
  );
  await once(feed, "message");
  const posted = new Map<string, number>();
  const messageFrame = await postAndWatch(tickline, posted, perSecond * seconds);
  await until(() => seen.webhook.size >= posted.size && seen.feed.size >= posted.size);
  feed.terminate();
  await subscriber.stop();
  return {
    messageFrame,
    feedFrame: delays(posted, seen.feed),
    webhookReceived: delays(posted, seen.webhook),
  };
}

/** Each message's own stream is open before its first update is posted, as people open it. */
async function postAndWatch(tickline: Tickline, posted: Map<string, number>, total: number): Promise<Spread> {
  const samplesMs: number[] = [];
  const run = `live-${randomUUID()}`;
  for (let index = 0; index < total; index += 1) {
    const body = { ...webhook(1, "live"), messageId: `${run}-${index}` };
    const socket = await openSocket(tickline, `/v1/messages/${benchSource}/${run}-${index}/stream`);
    const shown = new Promise<number>((resolve) => {
      socket.on("message", (data) => {
        if (textOf(data).includes('"type":"events"')) resolve(performance.now());
      });
    });
    const startedMs = performance.now();
    posted.set(`${run}-${index}`, startedMs);
    await Promise.all([send(tickline, body), shown.then((atMs) => samplesMs.push(atMs - startedMs))]);
    socket.terminate();
  }
  return spreadOf(samplesMs);
}

/** Frames come as one buffer each, since nothing asks `ws` for fragments. */
export function textOf(data: RawData): string {
  return data instanceof Uint8Array ? decoder.decode(data) : "";
}

async function openSocket(tickline: Tickline, path: string): Promise<WebSocket> {
  const socket = new WebSocket(tickline.url.replace("http", "ws") + path, ["tickline.v1"], {
    headers: { "X-API-Key": tickline.key },
  });
  await once(socket, "open");
  return socket;
}

function note(seen: Map<string, number>, body: string): void {
  const atMs = performance.now();
  for (const [, messageId] of body.matchAll(/"messageId":"(live-[-\w]+)"/g)) {
    if (messageId !== undefined && !seen.has(messageId)) seen.set(messageId, atMs);
  }
}

function delays(posted: ReadonlyMap<string, number>, seen: ReadonlyMap<string, number>): Spread {
  return spreadOf([...posted].flatMap(([id, startedMs]) => (seen.get(id) ?? Number.NaN) - startedMs));
}
