/** The stream of the built service, followed by clients that nobody here wrote, and by our own across a kill -9. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { WebSocket as PartySocket } from "partysocket";
import { beforeAll, expect, test } from "vitest";
import { WebSocket as WsSocket } from "ws";
import * as z from "zod";
import { followFeed, type FollowOptions, type SocketLike } from "../../src/client/follow.ts";
import { type ServerFrame, serverFrameSchema } from "../../src/stream/serverFrame.ts";
import { follow, reportMany } from "../support/crowd.ts";
import { bearer, ownService } from "../support/ownService.ts";
import { cleanEnvironment, repository } from "../support/service.ts";

const own = ownService("stream");

beforeAll(() => own.start());

const clients: Record<string, (path: string) => Promise<SocketLike>> = {
  "the ws package, with a key": async (path) =>
    new WsSocket(wsUrl(path), ["tickline.v1"], bearer(own.service.rootKey)),
  "Node's own WebSocket, with a token": async (path) => new WebSocket(wsUrl(path), await withToken(path)),
  "partysocket, with a token for each try": async (path) =>
    new PartySocket(wsUrl(path), async () => withToken(path), { connectionTimeout: 60_000 }),
};

test.each(Object.keys(clients))("%s follows the feed", async (name) => {
  const { frames, socket } = await listen(name, "/v1/stream");
  await expect.poll(() => typesOf(frames)).toContain("welcome");
  socket.send(JSON.stringify({ type: "subscribe", id: "s1", filter: { providers: ["nifteem"] } }));
  await expect.poll(() => typesOf(frames)).toContain("live");
  const messageId = await report();
  await expect.poll(() => messageIdsOf(frames)).toContain(messageId);
  socket.send('{"type":"ping"}');
  await expect.poll(() => typesOf(frames)).toContain("pong");
  socket.close(1000);
});

test.each(Object.keys(clients))("%s follows one message", async (name) => {
  const messageId = crypto.randomUUID();
  const { frames, socket } = await listen(name, `/v1/messages/demo-nifteem/${messageId}/stream`);
  await expect.poll(() => typesOf(frames)).toEqual(["welcome", "subscribed", "message", "live"]);
  await report({ messageId });
  await expect.poll(() => messageIdsOf(frames)).toEqual([messageId]);
  socket.close(1000);
});

test("a refusal reaches a browser's kind of client as a close code", async () => {
  const socket = new WebSocket(wsUrl("/v1/stream"), ["tickline.v1", "bearer.nonsense"]);
  const code = await new Promise((resolve) =>
    socket.addEventListener("close", (event) => resolve(event.code)),
  );
  expect(code).toBe(4401);
});

test("ws without our subprotocol gets an HTTP problem", async () => {
  const socket = new WsSocket(wsUrl("/v1/stream"), ["chat"]);
  const status = await new Promise((resolve) => {
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.on("error", () => {});
  });
  expect(status).toBe(401);
});

test("300 honest clients beside two stalled ones get every event once, in one chain", async () => {
  const { service } = own;
  const earlier = await reportMany(service, 300);
  // All are in the feed before anybody follows it: those who begin now get none of them, and one page holds them not.
  const first = await follow(service, "earliest");
  await expect.poll(() => first.messageIds).toEqual(expect.arrayContaining(earlier));
  first.leave();
  const deaf = await follow(service, "now", { subscriptions: 8 });
  const mute = await follow(service, "earliest", { acks: false });
  await expect.poll(() => deaf.types()).toContain("live");
  await expect.poll(() => mute.types()).toContain("events");
  // The one reads nothing from now on, far beyond what the network holds for it; the other reads and never acks.
  deaf.stall();
  const honest = await Promise.all(Array.from({ length: 300 }, () => follow(service, "now")));
  await expect.poll(() => honest.every((one) => one.types().includes("live"))).toBe(true);
  const late = await Promise.all([follow(service, "earliest"), follow(service, "earliest")]);
  const posted = (await reportMany(service, 500)).toSorted();
  // What was recorded before may be fanned out as late as this.
  const ours = new Set(posted);
  const readBy = (one: { messageIds: readonly string[] } | undefined) =>
    one?.messageIds.filter((id) => ours.has(id)) ?? [];
  const slowest = () => Math.min(...honest.map((one) => readBy(one).length));
  await expect.poll(slowest).toBeGreaterThanOrEqual(posted.length);
  const order = readBy(honest[0]);
  expect(order.toSorted()).toEqual(posted);
  for (const one of honest) {
    expect(one.gaps).toBe(0);
    expect(readBy(one)).toEqual(order);
  }
  // Who replays all of it while it grows has no gap and no repeat either.
  for (const one of late) {
    await expect.poll(() => readBy(one)).toEqual(order);
    expect(one.gaps).toBe(0);
    expect(new Set(one.messageIds).size).toBe(one.messageIds.length);
  }
  expect(mute.types().filter((type) => type === "events")).toHaveLength(1);
  for (const one of [deaf, mute, ...honest, ...late]) one.leave();
});

test("followFeed goes on behind its cursor after kill -9, without a gap or a repeat", async () => {
  const seen: string[] = [];
  const saved: string[] = [];
  const following = followFeed({
    url: `${own.service.origin}/v1/stream`,
    token: async () => newToken("/v1/stream"),
    filter: { sources: ["demo-nifteem"] },
    onEvents: (events) => seen.push(...events.map(({ messageId }) => messageId)),
    saveCursor: (cursor) => saved.push(cursor),
  });
  await expect.poll(() => saved.length).toBeGreaterThan(0);
  const posted = [];
  for (let count = 1; count <= 20; count += 1) posted.push(await report());
  await own.service.kill();
  await own.start();
  for (let count = 1; count <= 20; count += 1) posted.push(await report());
  await expect.poll(() => seen.length, { timeout: 120_000 }).toBeGreaterThanOrEqual(posted.length);
  expect(seen.toSorted()).toEqual(posted.toSorted());
  following.close();
  await following.done;
  expect(following.cursor).toBe(saved.at(-1));
});

test("the example follows, and goes on where it was when it is started again", async () => {
  const environment = {
    ...cleanEnvironment(),
    TICKLINE_URL: own.service.origin,
    TICKLINE_KEY: own.service.rootKey,
    CURSOR_FILE: join(own.stateDirectory, "follow.cursor"),
  };
  const outputs = ["", ""];
  const posted: string[] = [];
  for (const round of [0, 1]) {
    posted.push(await report());
    const child = spawn(process.execPath, ["examples/follow.ts", "demo-nifteem"], {
      cwd: repository,
      env: environment,
    });
    child.stdout.on("data", (chunk: Buffer) => {
      outputs[round] += chunk.toString();
    });
    await expect.poll(() => outputs[round]).toContain(posted[round]);
    child.kill("SIGINT");
    await new Promise((resolve) => child.once("close", resolve));
  }
  expect(outputs[1]).not.toContain(posted[0]);
});

test("followFeed is iterable, and resumes where a stored cursor left it", async () => {
  const options: FollowOptions = {
    url: `${own.service.origin}/v1/stream`,
    token: async () => newToken("/v1/stream"),
    after: "earliest",
  };
  const first: string[] = [];
  let cursor = "";
  for await (const event of followFeed(options)) {
    first.push(event.id);
    ({ cursor } = event);
    if (first.length === 10) break;
  }
  const rest: string[] = [];
  for await (const event of followFeed({ ...options, after: cursor })) {
    rest.push(event.id);
    if (rest.length === 10) break;
  }
  expect(new Set([...first, ...rest]).size).toBe(20);
});

function wsUrl(path: string): string {
  return `${own.service.origin.replace("http", "ws")}${path}`;
}

async function listen(name: string, path: string): Promise<{ frames: ServerFrame[]; socket: SocketLike }> {
  const frames: ServerFrame[] = [];
  const open = clients[name];
  if (open === undefined) throw new Error("no such client");
  const socket = await open(path);
  socket.addEventListener("message", ({ data }) => {
    frames.push(serverFrameSchema.parse(JSON.parse(String(data))));
  });
  return { frames, socket };
}

function typesOf(frames: readonly ServerFrame[]): string[] {
  return frames.map(({ type }) => type);
}

function messageIdsOf(frames: readonly ServerFrame[]): string[] {
  return frames.flatMap((frame) =>
    frame.type === "events" ? frame.events.map((event) => event.messageId) : [],
  );
}

async function withToken(path: string): Promise<string[]> {
  return ["tickline.v1", `bearer.${await newToken(path)}`];
}

async function newToken(path: string): Promise<string> {
  const [, messageId] = /demo-nifteem\/([^/]+)\/stream/.exec(path) ?? [];
  const wanted = messageId === undefined ? {} : { messages: [{ source: "demo-nifteem", messageId }] };
  return z.object({ token: z.string() }).parse(await own.ask("POST", "/v1/stream-tokens", wanted)).token;
}

/** One webhook, answered 200; returns the id of its message. */
async function report(payload: { messageId?: string } = {}): Promise<string> {
  const { messageId = crypto.randomUUID() } = payload;
  const response = await fetch(`${own.service.origin}/in/demo-nifteem`, {
    method: "POST",
    headers: { "X-API-Key": "demo", "Content-Type": "application/json" },
    body: JSON.stringify({
      dispatchId: "D1",
      messageId,
      messagePart: 1,
      messageTotalParts: 1,
      channel: "RCS",
      channelIdentifier: "+390000000",
      status: "DELIVERED",
      statusOrder: 10,
      statusDate: "2024-01-01T14:30:00Z",
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return messageId;
}
