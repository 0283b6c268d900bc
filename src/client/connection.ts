/** One connection of a follower: subscribes at its cursor, checks the chain, and ends with a code sooner or later. */
import type { SentFrame } from "../stream/protocol.ts";
import type { ServerFrame } from "../stream/serverFrame.ts";
import type { FollowOptions, Progress, SocketLike } from "./follow.ts";

export type Frame<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

export interface Ended {
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs: number;
  /** It worked for a while, so the next try need not wait long. */
  readonly wasLive: boolean;
}

/** A close of our own: the application is far behind, and a replay goes at its pace. */
export const behind = 4000;
const gap = 4001;
const lost = 1006;
/** Frames that may wait for the application; beyond, we would rather have them replayed later. */
const waitingFramesMax = 100;
const welcomeWaitMs = 30_000;

interface Conversation {
  readonly socket: SocketLike;
  readonly options: FollowOptions;
  readonly progress: Progress;
  readonly id: string;
  readonly timers: ReturnType<typeof setInterval>[];
  /** Where the next frame must begin. */
  chain: string;
  heard: boolean;
  wasLive: boolean;
  retryAfterMs: number;
  /** Takes no further frame; the one at work is still finished before the next connection begins. */
  end: (code: number, reason: string) => void;
}

/** Rejects only with what the application threw, or what it must decide. */
export async function runConnection(options: FollowOptions, progress: Progress): Promise<Ended> {
  const closed = { code: 1000, reason: "closed", retryAfterMs: 0, wasLive: false };
  let protocols: string[] | null;
  try {
    const stopped = new Promise<null>((resolve) => {
      progress.stop = () => resolve(null);
    });
    protocols = await Promise.race([protocolsOf(options), stopped]);
  } catch (error) {
    return { ...closed, code: lost, reason: String(error) };
  }
  // No await from here until we listen: a close finds no socket, or one that it ends.
  if (protocols === null || progress.stopped) return closed;
  const socket = open(options, progress.cursor, protocols);
  const talk: Conversation = {
    socket,
    options,
    progress,
    id: isMessageStream(options.url) ? "m" : "feed",
    timers: [],
    chain: "",
    heard: true,
    wasLive: false,
    retryAfterMs: 0,
    end: () => {},
  };
  try {
    return await new Promise((resolve, reject) => {
      listen(talk, resolve, reject);
    });
  } finally {
    clearTimers(talk);
    progress.stop = () => {};
    socket.close(1000);
  }
}

function listen(talk: Conversation, resolve: (ended: Ended) => void, reject: (error: unknown) => void): void {
  const { socket, progress } = talk;
  let work = Promise.resolve();
  let [waiting, over] = [0, false];
  const ended = (code: number, reason: string) => {
    resolve({ code, reason, retryAfterMs: talk.retryAfterMs, wasLive: talk.wasLive });
  };
  talk.end = (code, reason) => {
    over = true;
    work.then(() => ended(code, reason), reject);
  };
  progress.stop = () => {
    over = true;
    ended(1000, "closed");
  };
  talk.timers.push(setTimeout(() => talk.end(lost, "no welcome"), welcomeWaitMs));
  socket.addEventListener("open", () => {
    if (talk.id !== "m") subscribe(talk, progress.cursor);
  });
  socket.addEventListener("error", () => {});
  socket.addEventListener("message", ({ data }) => {
    talk.heard = true;
    const frame: unknown = JSON.parse(String(data));
    if (!isFrame(frame) || over) return;
    waiting += 1;
    if (waiting > waitingFramesMax) talk.end(behind, "the application is behind");
    work = work.then(async () => {
      waiting -= 1;
      if (!over) await take(talk, frame);
    });
    work.catch(reject);
  });
  socket.addEventListener("close", ({ code, reason }) => {
    // What has arrived is taken before we come back for more.
    work.then(() => talk.end(code, reason), reject);
  });
}

async function take(talk: Conversation, frame: ServerFrame): Promise<void> {
  const { options } = talk;
  switch (frame.type) {
    case "welcome":
      startTimers(talk, frame);
      break;
    case "subscribed":
      talk.chain = frame.from;
      // On a message's own stream the message comes first, and only those who don't know it yet get it.
      if (talk.id !== "m" || talk.progress.cursor !== undefined) await moveTo(talk, frame.from);
      break;
    case "message":
      await options.onMessage?.(frame.message);
      await moveTo(talk, talk.chain);
      break;
    case "events":
      await takeEvents(talk, frame);
      break;
    case "live":
      talk.wasLive = true;
      await options.onLive?.();
      break;
    case "reset":
      if (options.onReset === undefined) throw new Error(`the cursor can't be resumed: ${frame.reason}`);
      subscribe(talk, await options.onReset(frame));
      break;
    case "error":
      throw new Error(`${frame.code}: ${frame.message}`);
    case "closing":
      talk.retryAfterMs = frame.retryAfterMs;
      break;
    case "pong":
      break;
    default:
      ignore(frame);
  }
}

async function takeEvents(talk: Conversation, frame: Frame<"events">): Promise<void> {
  const { from, to: cursor, replay, events } = frame;
  if (from !== talk.chain) {
    talk.end(gap, "a gap in the chain");
    return;
  }
  if (events.length > 0) await talk.options.onEvents?.(events, { cursor, replay });
  await moveTo(talk, cursor);
  if (replay) send(talk, { type: "ack", id: talk.id, cursor });
}

async function moveTo(talk: Conversation, cursor: string): Promise<void> {
  talk.chain = cursor;
  talk.progress.cursor = cursor;
  await talk.options.saveCursor?.(cursor);
}

function startTimers(talk: Conversation, { pingSeconds, expiresAt }: Frame<"welcome">): void {
  clearTimers(talk);
  const ping = () => {
    if (!talk.heard) talk.end(lost, "silence");
    talk.heard = false;
    send(talk, { type: "ping" });
  };
  talk.timers.push(setInterval(ping, pingSeconds * 1000));
  if (expiresAt === null || typeof talk.options.token !== "function") return;
  const renew = () => {
    // What fails here is tried again, and at the worst the expiry closes the socket.
    tokenOf(talk.options).then(
      (token) => send(talk, { type: "auth", token }),
      () => {},
    );
  };
  const renewMs = Math.max(1_000, (Date.parse(expiresAt) - Date.now()) * 0.4);
  talk.timers.push(setInterval(renew, renewMs));
}

function clearTimers({ timers }: Conversation): void {
  for (const timer of timers.splice(0)) clearInterval(timer);
}

function subscribe(talk: Conversation, after: string | undefined): void {
  const { filter } = talk.options;
  const wanted = { ...(after !== undefined && { after }), ...(filter !== undefined && { filter }) };
  send(talk, { type: "subscribe", id: talk.id, ...wanted });
}

function send({ socket }: Conversation, frame: SentFrame): void {
  if (socket.readyState === 1) socket.send(JSON.stringify(frame));
}

function open(options: FollowOptions, cursor: string | undefined, protocols: string[]): SocketLike {
  const origin: unknown = Reflect.get(globalThis, "origin");
  const url = new URL(options.url, typeof origin === "string" ? origin : undefined);
  url.protocol = url.protocol.replace("http", "ws");
  if (cursor !== undefined && isMessageStream(options.url)) url.searchParams.set("after", cursor);
  return options.open?.(url.href, protocols) ?? new WebSocket(url.href, protocols);
}

async function protocolsOf(options: FollowOptions): Promise<string[]> {
  const token = options.token === undefined ? [] : [`bearer.${await tokenOf(options)}`];
  return ["tickline.v1", ...token];
}

async function tokenOf({ token = "" }: FollowOptions): Promise<string> {
  const given = typeof token === "function" ? await token() : token;
  return typeof given === "string" ? given : given.token;
}

function isMessageStream(url: string): boolean {
  return /\/messages\/[^/]+\/[^/]+\/stream(\?|$)/.test(url);
}

/** Types that we do not know are ignored, so that the service may grow. */
function ignore(_frame: never): void {}

function isFrame(value: unknown): value is ServerFrame {
  return typeof value === "object" && value !== null && "type" in value;
}
