/** Many clients of a running service, and much to tell them. */
import { WebSocket } from "ws";
import * as z from "zod";
import type { Service } from "./service.ts";

/**
 * A client with a key that keeps what it got, and counts the frames that do not begin where the one before ended.
 * Of several subscriptions it keeps what the first got; the others are there to be sent a lot.
 */
export async function follow(service: Service, after: string, { acks = true, subscriptions = 1 } = {}) {
  const socket = new WebSocket(`${service.origin.replace("http", "ws")}/v1/stream`, ["tickline.v1"], {
    headers: { Authorization: `Bearer ${service.rootKey}` },
  });
  const types: string[] = [];
  const client = {
    messageIds: [] as string[],
    gaps: 0,
    types: () => types,
    stall: () => socket.pause(),
    leave: () => socket.terminate(),
  };
  let chain = "";
  socket.on("open", () => {
    for (let id = 0; id < subscriptions; id += 1) {
      socket.send(JSON.stringify({ type: "subscribe", id: String(id), after }));
    }
  });
  socket.on("message", (data: Buffer) => {
    const frame = readFrame(data.toString());
    if (frame.type !== "welcome" && frame.id !== "0") return;
    types.push(frame.type);
    if (frame.type === "subscribed") chain = frame.from;
    if (frame.type !== "events") return;
    if (frame.from !== chain) client.gaps += 1;
    chain = frame.to;
    client.messageIds.push(...frame.events.map(({ messageId }) => messageId));
    if (frame.replay && acks) socket.send(JSON.stringify({ type: "ack", id: "0", cursor: frame.to }));
  });
  await new Promise((resolve) => socket.once("open", resolve));
  return client;
}

const looseFrameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome") }),
  z.object({ type: z.literal("subscribed"), id: z.string(), from: z.string() }),
  z.object({
    type: z.literal("events"),
    id: z.string(),
    from: z.string(),
    to: z.string(),
    replay: z.boolean(),
    events: z.array(z.looseObject({ messageId: z.string() })),
  }),
  z.object({ type: z.literal("live"), id: z.string() }),
]);
const readFrames = new Map<string, z.infer<typeof looseFrameSchema>>();

/** Hundreds of clients get the same texts, each of which is read once. */
function readFrame(text: string): z.infer<typeof looseFrameSchema> {
  const frame = readFrames.get(text) ?? looseFrameSchema.parse(JSON.parse(text));
  readFrames.set(text, frame);
  return frame;
}

/** Webhooks of ten messages each, five at a time; returns the messages' ids. */
export async function reportMany(service: Service, count: number): Promise<string[]> {
  const messageIds = Array.from({ length: count }, () => crypto.randomUUID());
  let next = 0;
  const post = async (): Promise<void> => {
    for (let from = next; from < count; from = next) {
      next += 10;
      const eventData = { ...textersStatus, externalId: messageIds.slice(from, from + 10) };
      const response = await fetch(`${service.origin}/in/demo-texter`, {
        method: "POST",
        headers: { Authorization: "Bearer demo", "Content-Type": "application/json" },
        body: JSON.stringify({ eventName: "messageStatusChanged", eventData }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    }
  };
  await Promise.all([post(), post(), post(), post(), post()]);
  return messageIds;
}

const textersStatus = { messageStatus: 2, error: null, timestamp: Date.UTC(2026, 10, 21), chat: null };
