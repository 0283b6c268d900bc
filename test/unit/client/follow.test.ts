import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followFeed, type FollowOptions, type SocketLike } from "../../../src/client/follow.ts";
import { closeCodes, mayComeBack } from "../../../src/stream/close.ts";
import { someEvents } from "../../support/feedEvents.ts";
import { aFeed, type Feed, type Wire } from "../../support/feedModel.ts";

beforeEach(() => {
  // No jitter: a client comes back at once.
  vi.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A connection to the model of the feed, which a test can cut, and whose frames it can lose. */
function aLine(feed: Feed) {
  const sockets: FakeSocket[] = [];
  return {
    sockets,
    open: (url: string, protocols: string[]): SocketLike => {
      const socket = fakeSocket(feed, url, protocols);
      sockets.push(socket);
      return socket;
    },
    /** Carries what the feed has sent, but for the frames that are lost on the way. */
    async carry(isLost: (frame: object) => boolean = () => false): Promise<void> {
      for (const socket of sockets) socket.carry(isLost);
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
    cut(code: number, reason = ""): void {
      sockets.at(-1)?.end(code, reason);
    },
  };
}

interface FakeSocket extends SocketLike {
  readonly url: string;
  readonly protocols: string[];
  readonly sent: string[];
  carry(isLost: (frame: object) => boolean): void;
  deliver(frame: object): void;
  end(code: number, reason: string): void;
}

function fakeSocket(feed: Feed, url: string, protocols: string[]): FakeSocket {
  const wire: Wire = feed.connect();
  const listeners = new Map<string, (event: never) => void>();
  const emit = (type: string, event: object) => listeners.get(type)?.(event as never);
  const sent: string[] = [];
  let readyState = 0;
  const socket: FakeSocket = {
    url,
    protocols,
    sent,
    get readyState() {
      return readyState;
    },
    send(text) {
      sent.push(text);
      feed.send(wire, text);
    },
    close: (code = 1000) => socket.end(code, ""),
    addEventListener: (type: string, listener: (event: never) => void) => listeners.set(type, listener),
    carry(isLost) {
      // Nothing happens to a socket before its maker has heard of it.
      if (!listeners.has("close")) return;
      if (readyState === 0) {
        readyState = 1;
        emit("open", {});
      }
      for (const frame of wire.inbox.splice(0)) if (!isLost(frame)) this.deliver(frame);
      if (wire.closed !== null) this.end(wire.closed, "");
    },
    deliver: (frame) => emit("message", { data: JSON.stringify(frame) }),
    end(code, reason) {
      if (readyState === 3) return;
      readyState = 3;
      feed.disconnect(wire);
      setTimeout(() => emit("close", { code, reason }), 0);
    },
  };
  return socket;
}

function aFollower(options: Partial<FollowOptions> = {}) {
  const feed = aFeed();
  const line = aLine(feed);
  const seen: string[] = [];
  const following = followFeed({
    url: "https://tickline.example/v1/stream",
    open: line.open,
    onEvents: (events) => seen.push(...events.map(({ messageId }) => messageId)),
    ...options,
  });
  const numbers = () => seen.map((messageId) => Number(messageId.slice(1)));
  const reaches = async (count: number) => {
    await vi.waitFor(async () => {
      await line.carry();
      if (seen.length < count) throw new Error(`${seen.length} of ${count}`);
    });
    expect(numbers()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  };
  return { feed, line, following, reaches };
}

test("events come once and in order, across a cut in the middle", async () => {
  const { feed, line, reaches } = aFollower({ after: "earliest" });
  feed.publish(someEvents(1, 700));
  await line.carry();
  await line.carry();
  line.cut(1006);
  feed.publish(someEvents(701, 1_000));
  await reaches(1_000);
});

test("without a place to begin, a cut before the first event loses nothing", async () => {
  const { feed, line, reaches } = aFollower();
  await line.carry();
  await line.carry();
  line.cut(1006);
  feed.publish(someEvents(1, 5));
  await reaches(5);
});

test("a lost frame is noticed by the chain, and what was in it comes again", async () => {
  const { feed, line, reaches } = aFollower();
  await vi.waitFor(async () => {
    await line.carry();
    expect(line.sockets[0]?.sent.length).toBe(1);
  });
  for (let number = 1; number <= 5; number += 1) {
    feed.publish(someEvents(number, number));
    await line.carry(() => number === 3);
  }
  await reaches(5);
  expect(line.sockets).toHaveLength(2);
});

test.each([1000, 1008, 4400, 4401, 4403, 4404, 4429])("close code %i ends it", async (code) => {
  const { line, following } = aFollower();
  await line.carry();
  line.cut(code, "because");
  await expect(following.done).rejects.toMatchObject({ code, message: `${code} because` });
  expect(mayComeBack(code)).toBe(false);
});

test.each([1001, 1006, 1011, 1012, 4500, 4501, 4502, 4503])(
  "after close code %i it comes back",
  async (code) => {
    const { line } = aFollower();
    await line.carry();
    line.cut(code);
    await vi.waitFor(() => expect(line.sockets).toHaveLength(2));
    expect(mayComeBack(code)).toBe(true);
  },
);

test("an expired token is replaced by a new one; a fixed one that expired is the end", async () => {
  let count = 0;
  const renewing = aFollower({ token: async () => ({ token: `t${(count += 1)}` }) });
  await vi.waitFor(() => expect(renewing.line.sockets).toHaveLength(1));
  renewing.line.cut(closeCodes.tokenExpired);
  await vi.waitFor(() => expect(renewing.line.sockets).toHaveLength(2));
  expect(renewing.line.sockets.map(({ protocols }) => protocols)).toEqual([
    ["tickline.v1", "bearer.t1"],
    ["tickline.v1", "bearer.t2"],
  ]);
  const fixed = aFollower({ token: "t" });
  await vi.waitFor(() => expect(fixed.line.sockets).toHaveLength(1));
  fixed.line.cut(closeCodes.tokenExpired);
  await expect(fixed.following.done).rejects.toMatchObject({ code: closeCodes.tokenExpired });
});

test("what a key opened comes back after its expiry, with the key that it has then", async () => {
  const { line } = aFollower();
  await line.carry();
  line.cut(closeCodes.tokenExpired);
  await vi.waitFor(() => expect(line.sockets).toHaveLength(2));
});

test("an address that is none, and a runtime without WebSocket, are told instead of tried for ever", async () => {
  await expect(followFeed({ url: "not an address" }).done).rejects.toThrow("URL");
  vi.stubGlobal("WebSocket", undefined);
  const url = "https://tickline.example/v1/stream";
  await expect(followFeed({ url }).done).rejects.toThrow("WebSocket");
  vi.unstubAllGlobals();
});

test("a token that can't be had just now is asked for again", async () => {
  const token = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error("offline"))
    .mockResolvedValue("t");
  const { line } = aFollower({ token });
  await vi.waitFor(() => expect(line.sockets).toHaveLength(1));
  expect(token).toHaveBeenCalledTimes(2);
});

test("a token is renewed in band before it expires, and silence ends the connection", async () => {
  vi.useFakeTimers();
  const { line } = aFollower({ token: async () => "new" });
  await vi.advanceTimersByTimeAsync(1);
  const [socket] = line.sockets;
  socket?.carry((frame) => "type" in frame && frame.type === "welcome");
  const expiresAt = new Date(Date.now() + 20_000).toISOString();
  socket?.deliver({ type: "welcome", connection: "c", expiresAt, pingSeconds: 25, maxSubscriptions: 16 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket?.sent).toContain('{"type":"auth","token":"new"}');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(line.sockets.length).toBeGreaterThan(1);
});

test("the cursor is saved only after the events were taken", async () => {
  const order: string[] = [];
  const { feed, line } = aFollower({
    onEvents: async (events) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      order.push(`took ${events.length}`);
    },
    saveCursor: (cursor) => order.push(cursor),
  });
  await vi.waitFor(async () => {
    await line.carry();
    expect(order).toHaveLength(1);
  });
  feed.publish(someEvents(1, 3));
  await vi.waitFor(async () => {
    await line.carry();
    expect(order).toHaveLength(3);
  });
  expect(order).toEqual([feed.log.cursorOf(0), "took 3", feed.log.cursorOf(3)]);
});

test("an application far behind gets a replay at its own pace instead of a growing heap", async () => {
  const held = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { feed, line } = aFollower({
    onEvents: async (events) => {
      await held.promise;
      seen.push(...events.map(({ id }) => id));
    },
  });
  await vi.waitFor(async () => {
    await line.carry();
    expect(line.sockets[0]?.sent.length).toBe(1);
  });
  for (let number = 1; number <= 300; number += 1) {
    feed.publish(someEvents(number, number));
    await line.carry();
  }
  held.resolve();
  await vi.waitFor(async () => {
    await line.carry();
    expect(seen).toHaveLength(300);
  });
  expect(new Set(seen).size).toBe(300);
  expect(line.sockets).toHaveLength(2);
});

test("a cursor that can't be honoured fails, or goes on where the application says", async () => {
  const strict = aFollower({ after: "aaaaaaaaaaaa.1" });
  const failure = strict.following.done.catch(String);
  for (let count = 1; count <= 3; count += 1) await strict.line.carry();
  expect(await failure).toContain("epoch");
  const lenient = aFollower({ after: "aaaaaaaaaaaa.1", onReset: ({ earliest }) => earliest });
  lenient.feed.publish(someEvents(1, 3));
  await lenient.reaches(3);
});

test("a frame of a type from the future is ignored", async () => {
  const { feed, line, reaches } = aFollower({ after: "earliest" });
  await line.carry();
  line.sockets[0]?.deliver({ type: "weather", sunny: true });
  feed.publish(someEvents(1, 2));
  await reaches(2);
});

test("what the application throws ends it", async () => {
  const { feed, line, following } = aFollower({
    after: "earliest",
    onEvents: () => {
      throw new Error("the disk is full");
    },
  });
  feed.publish(someEvents(1, 1));
  const failure = following.done.catch(String);
  for (let count = 1; count <= 3; count += 1) await line.carry();
  expect(await failure).toContain("the disk is full");
});

test("iterating takes event by event, and leaving the loop closes the socket", async () => {
  const feed = aFeed();
  const line = aLine(feed);
  feed.publish(someEvents(1, 600));
  const seen: string[] = [];
  const timer = setInterval(() => void line.carry(), 1);
  const following = followFeed({ url: "https://x.example/v1/stream", open: line.open, after: "earliest" });
  for await (const event of following) {
    seen.push(event.id);
    if (seen.length === 300) break;
  }
  clearInterval(timer);
  await following.done;
  expect(new Set(seen).size).toBe(300);
  expect(line.sockets[0]?.readyState).toBe(3);
});

test("closed before its socket exists, nothing is opened", async () => {
  const atOnce = aFollower();
  atOnce.following.close();
  await atOnce.following.done;
  const token = vi.fn<() => Promise<string>>(() => new Promise(() => {}));
  const fetching = aFollower({ token });
  await vi.waitFor(() => expect(token).toHaveBeenCalled());
  fetching.following.close();
  await fetching.following.done;
  expect([...atOnce.line.sockets, ...fetching.line.sockets]).toEqual([]);
});

test("a socket without a welcome is given up after 30 s, one with it is not", async () => {
  vi.useFakeTimers();
  const silent = aFollower();
  const welcomed = aFollower();
  await vi.advanceTimersByTimeAsync(1);
  for (const socket of welcomed.line.sockets) {
    socket.carry(() => false);
    socket.deliver({
      type: "welcome",
      connection: "c",
      expiresAt: null,
      pingSeconds: 60,
      maxSubscriptions: 16,
    });
  }
  await vi.advanceTimersByTimeAsync(31_000);
  expect(silent.line.sockets).toHaveLength(2);
  expect(silent.line.sockets[0]?.readyState).toBe(3);
  expect(welcomed.line.sockets).toHaveLength(1);
});

test("a message's own stream is resumed by ?after=, and a message needs no subscription", async () => {
  const urls: string[] = [];
  const { line } = aFollower({ url: "https://tickline.example/v1/messages/a/b%2Fc/stream", after: "2" });
  await line.carry();
  urls.push(...line.sockets.map(({ url }) => url));
  expect(urls).toEqual(["wss://tickline.example/v1/messages/a/b%2Fc/stream?after=2"]);
  expect(line.sockets[0]?.sent).toEqual([]);
});

test("a cut before the message itself has come does not lose it", async () => {
  const messages: unknown[] = [];
  const { line } = aFollower({
    url: "https://tickline.example/v1/messages/a/b/stream",
    onMessage: (message) => messages.push(message),
  });
  const deliver = (frame: object) => line.sockets.at(-1)?.deliver(frame);
  await line.carry(() => true);
  deliver({ type: "subscribed", id: "m", from: "3", head: "3" });
  await line.carry(() => true);
  line.cut(1006);
  await vi.waitFor(() => expect(line.sockets).toHaveLength(2));
  await line.carry(() => true);
  deliver({ type: "subscribed", id: "m", from: "3", head: "3" });
  deliver({ type: "message", message: null });
  await vi.waitFor(() => expect(messages).toEqual([null]));
  line.cut(1006);
  await vi.waitFor(() => expect(line.sockets).toHaveLength(3));
  expect(line.sockets.map(({ url }) => new URL(url).search)).toEqual(["", "", "?after=3"]);
});

test("what a page loads is at most 4 KiB", async () => {
  const { outputFiles } = await build({
    entryPoints: ["src/client/follow.ts"],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const [file] = outputFiles;
  const bytes = gzipSync(file?.contents ?? new Uint8Array()).byteLength;
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThanOrEqual(4 * 1024);
});
