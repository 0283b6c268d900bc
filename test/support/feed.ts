/** Builders of events, and a socket that remembers what it was sent. */
import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { asListed } from "./listed.ts";
import { type ServerFrame, serverFrameSchema } from "../../src/stream/serverFrame.ts";

export const rootKey = "test-root-key-0123456789-abcdefghijklmnop";
export const asRoot = { Authorization: `Bearer ${rootKey}` };

type Frame<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

export interface TestSocket {
  readonly frames: ServerFrame[];
  /** As they came over the wire. */
  readonly texts: string[];
  readonly closed: { code: number; reason: string } | null;
  send(frame: object | string | ArrayBuffer): void;
  close(code?: number): void;
  /** The next frame of the type that was not taken yet. */
  take<Type extends ServerFrame["type"]>(type: Type): Promise<Frame<Type>>;
  closeCode(): Promise<number>;
}

export async function upgrade(path: string, headers: Record<string, string> = asRoot): Promise<Response> {
  const url = `http://localhost${path}`;
  const response = await exports.default.fetch(url, {
    headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "tickline.v1", ...headers },
  });
  return asListed("GET", url, response);
}

export async function connect(path = "/v1/stream", headers?: Record<string, string>): Promise<TestSocket> {
  const response = await upgrade(path, headers);
  const socket = response.webSocket;
  if (socket === null) throw new Error(`no socket, but ${response.status}: ${await response.text()}`);
  return listen(socket);
}

function listen(socket: WebSocket): TestSocket {
  const frames: ServerFrame[] = [];
  const texts: string[] = [];
  const taken = new Set<ServerFrame>();
  let closed: { code: number; reason: string } | null = null;
  socket.addEventListener("message", ({ data }) => {
    texts.push(String(data));
    frames.push(serverFrameSchema.parse(JSON.parse(String(data))));
  });
  socket.addEventListener("close", ({ code, reason }) => {
    closed = { code, reason };
  });
  socket.accept();
  return {
    frames,
    texts,
    get closed() {
      return closed;
    },
    send(frame) {
      const isRaw = typeof frame === "string" || frame instanceof ArrayBuffer;
      socket.send(isRaw ? frame : JSON.stringify(frame));
    },
    close: (code = 1000) => socket.close(code),
    async take(type) {
      const find = () => frames.find((frame) => frame.type === type && !taken.has(frame));
      await expect.poll(find, { interval: 5, message: `a frame ${type}` }).toBeDefined();
      const frame = find();
      if (frame === undefined || !isOfType(frame, type)) throw new Error("unreachable");
      taken.add(frame);
      return frame;
    },
    async closeCode() {
      await expect.poll(() => closed, { interval: 5, message: "a close" }).not.toBeNull();
      return closed?.code ?? 0;
    },
  };
}

function isOfType<Type extends ServerFrame["type"]>(frame: ServerFrame, type: Type): frame is Frame<Type> {
  return frame.type === type;
}
