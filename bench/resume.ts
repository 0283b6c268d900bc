/** How long a follower that was away for 10,000 events needs until it is live again. */
import { once } from "node:events";
import { WebSocket } from "ws";
import * as z from "zod";
import { eventsText, exampleEvent } from "./events.ts";
import { textOf } from "./live.ts";
import { medianOf } from "./load.ts";
import type { Tickline } from "./service.ts";
import { until } from "./subscribers.ts";

const eventsTotal = 10_000;
const eventsPerBatch = 20;
const roundsTotal = 5;

export interface ResumeFigures {
  /** From the opening of the socket until `live`, each page acknowledged: the median of the rounds. */
  readonly elapsedMs: number;
  readonly events: number;
}

export async function measureResume(tickline: Tickline): Promise<ResumeFigures> {
  const { cursor } = await head(tickline);
  const event = await exampleEvent(tickline);
  for (let published = 0; published < eventsTotal; published += eventsPerBatch) {
    await tickline.publish(eventsText(event, eventsPerBatch));
  }
  const rounds: { elapsedMs: number; events: number }[] = [];
  for (let round = 0; round < roundsTotal; round += 1) {
    const startedMs = performance.now();
    const events = await replay(tickline, cursor);
    rounds.push({ elapsedMs: performance.now() - startedMs, events });
  }
  return {
    elapsedMs: medianOf(rounds.map(({ elapsedMs }) => elapsedMs)),
    events: Math.min(...rounds.map(({ events }) => events)),
  };
}

const cursorSchema = z.object({ cursor: z.string() });

async function head(tickline: Tickline): Promise<{ cursor: string }> {
  return cursorSchema.parse(await tickline.call("GET", "/v1/events?after=now"));
}

const frameSchema = z.object({ type: z.string(), to: z.string().optional() });

/** Events until `live`. */
async function replay(tickline: Tickline, after: string): Promise<number> {
  let events = 0;
  let isLive = false;
  const socket = new WebSocket(`${tickline.url.replace("http", "ws")}/v1/stream`, ["tickline.v1"], {
    headers: { "X-API-Key": tickline.key },
  });
  socket.on("message", (data) => {
    const text = textOf(data);
    const { type, to } = frameSchema.parse(JSON.parse(text));
    if (type === "live") isLive = true;
    if (type !== "events") return;
    events += text.split('"evt_').length - 1;
    socket.send(JSON.stringify({ type: "ack", id: "s", cursor: to }));
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "subscribe", id: "s", after }));
  await until(() => isLive);
  socket.terminate();
  return events;
}
