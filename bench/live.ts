/** How long after its POST an event is seen: on its message's socket, on the feed, and by a webhook's receiver. */
import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { type RawData, WebSocket } from "ws";
import { benchSource, send, webhook } from "./ingest.ts";
import { type Spread, spreadOf } from "./load.ts";
import type { Tickline } from "./service.ts";

export interface LiveFigures {
  readonly messageFrame: Spread;
  readonly feedFrame: Spread;
  readonly webhookReceived: Spread;
}

const perSecond = 10;

export async function measureLive(tickline: Tickline, seconds: number): Promise<LiveFigures> {
  const seen = { feed: new Map<string, number>(), webhook: new Map<string, number>() };
  const receiver = await receive((body) => note(seen.webhook, body));
  const { port } = addressOf(receiver);
  await tickline.call("POST", "/v1/subscriptions", { url: `http://127.0.0.1:${port}/hook`, name: "bench" });
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
  receiver.close();
  return {
    messageFrame,
    feedFrame: delays(posted, seen.feed),
    webhookReceived: delays(posted, seen.webhook),
  };
}

/** Each message's own stream is open before its first update is posted, as people open it. */
async function postAndWatch(tickline: Tickline, posted: Map<string, number>, total: number): Promise<Spread> {
  const samplesMs: number[] = [];
  for (let index = 0; index < total; index += 1) {
    const body = { ...webhook(1, "live"), messageId: `live-${index}` };
    const socket = await openSocket(tickline, `/v1/messages/${benchSource}/live-${index}/stream`);
    const shown = new Promise<number>((resolve) => {
      socket.on("message", (data) => {
        if (textOf(data).includes('"type":"events"')) resolve(performance.now());
      });
    });
    const startedMs = performance.now();
    posted.set(`live-${index}`, startedMs);
    await Promise.all([send(tickline, body), shown.then((atMs) => samplesMs.push(atMs - startedMs))]);
    socket.terminate();
  }
  return spreadOf(samplesMs);
}

/** Frames come as one buffer each, since nothing asks `ws` for fragments. */
export function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : "";
}

async function openSocket(tickline: Tickline, path: string): Promise<WebSocket> {
  const socket = new WebSocket(tickline.url.replace("http", "ws") + path, ["tickline.v1"], {
    headers: { "X-API-Key": tickline.key },
  });
  await once(socket, "open");
  return socket;
}

export async function receive(
  onBody: (body: string) => void,
  answer: (reply: () => void) => void = (reply) => reply(),
): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      onBody(Buffer.concat(chunks).toString());
      answer(() => response.end());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

export function addressOf(server: Server): { port: number } {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver listens on no port");
  return address;
}

export async function until(holds: () => boolean, timeoutMs = 60_000): Promise<void> {
  const startedMs = performance.now();
  while (!holds()) {
    if (performance.now() - startedMs > timeoutMs) throw new Error("what was waited for did not come");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function note(seen: Map<string, number>, text: string): void {
  const atMs = performance.now();
  for (const [, messageId] of text.matchAll(/"messageId":"(live-\d+)"/g)) {
    if (messageId !== undefined && !seen.has(messageId)) seen.set(messageId, atMs);
  }
}

function delays(posted: ReadonlyMap<string, number>, seen: ReadonlyMap<string, number>): Spread {
  return spreadOf([...posted].flatMap(([id, startedMs]) => (seen.get(id) ?? Number.NaN) - startedMs));
}
