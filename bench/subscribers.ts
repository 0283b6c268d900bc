/** Endpoints on loopback and the subscriptions that send to them, for as long as a figure takes. */
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { benchSource, send, webhook } from "./ingest.ts";
import { openLoop } from "./load.ts";
import type { Tickline } from "./service.ts";

export interface Subscribers {
  readonly ids: readonly string[];
  /** Deletes the subscriptions and hangs up. */
  stop(): Promise<void>;
}

interface SubscribersOptions {
  readonly total?: number;
  /** Of each subscription, beside its URL. */
  readonly settings?: object;
  readonly onBody?: (body: string) => void;
  /** By default at once. */
  readonly answer?: (reply: () => void) => void;
}

const madeSchema = z.object({ id: z.string() });

export async function openSubscribers(
  tickline: Tickline,
  { total = 1, settings = {}, onBody = () => {}, answer = (reply) => reply() }: SubscribersOptions,
): Promise<Subscribers> {
  const server = createServer((request, response) => {
    text(request)
      .then((body) => {
        onBody(body);
        answer(() => response.end());
      })
      // Broken off.
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver listens on no port");
  const ids: string[] = [];
  for (let index = 0; index < total; index += 1) {
    const url = `http://127.0.0.1:${address.port}/${index}`;
    ids.push(madeSchema.parse(await tickline.call("POST", "/v1/subscriptions", { url, ...settings })).id);
  }
  return {
    ids,
    async stop() {
      for (const id of ids) await tickline.call("DELETE", `/v1/subscriptions/${id}`);
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface TimedSubscribers extends Subscribers {
  /** Posts new messages at this rate; from each POST to each of its deliveries, once all have come. */
  delaysMs(run: string, perSecond: number, seconds: number): Promise<number[]>;
}

export async function openTimedSubscribers(tickline: Tickline, total: number): Promise<TimedSubscribers> {
  const posted = new Map<string, number>();
  let samplesMs: number[] = [];
  const subscribers = await openSubscribers(tickline, {
    total,
    settings: { filter: { sources: [benchSource] } },
    onBody: (body) => {
      const startedMs = posted.get(/"messageId":"([^"]+)"/.exec(body)?.[1] ?? "");
      if (startedMs !== undefined) samplesMs.push(performance.now() - startedMs);
    },
  });
  return {
    ...subscribers,
    async delaysMs(run, perSecond, seconds) {
      posted.clear();
      samplesMs = [];
      await openLoop(perSecond, seconds, async (index) => {
        const messageId = `${run}-${index}`;
        posted.set(messageId, performance.now());
        await send(tickline, { ...webhook(1, run), messageId });
      });
      await until(() => samplesMs.length >= posted.size * total);
      return samplesMs;
    },
  };
}

export async function until(holds: () => boolean, timeoutMs = 60_000): Promise<void> {
  const startedMs = performance.now();
  while (!holds()) {
    if (performance.now() - startedMs > timeoutMs) throw new Error("what was waited for did not come");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
