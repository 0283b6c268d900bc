/** Sockets of the feed that a key opens, itself or by its tokens. */
import { expect } from "vitest";
import { answerOf, anything, ask } from "./api.ts";
import { connect, type TestSocket } from "./feed.ts";

export function openWith(headers: Record<string, string>): Promise<TestSocket> {
  return connect("/v1/stream", headers);
}

export async function withKey(key: string): Promise<TestSocket> {
  return subscribed(await openWith({ Authorization: `Bearer ${key}` }));
}

export async function withToken(token: string): Promise<TestSocket> {
  return subscribed(await openWith(bearing(token)));
}

export function bearing(token: string): Record<string, string> {
  return { "Sec-WebSocket-Protocol": `tickline.v1, bearer.${token}` };
}

async function subscribed(socket: TestSocket): Promise<TestSocket> {
  socket.send({ type: "subscribe", id: "s" });
  await socket.take("live");
  return socket;
}

export async function goesOn(socket: TestSocket): Promise<void> {
  socket.send({ type: "ping" });
  await socket.take("pong");
  expect(socket.closed).toBeNull();
}

export async function newToken(key: string): Promise<string> {
  const answer = await answerOf(await ask("POST", "/v1/stream-tokens", { key, body: {} }), 201, anything);
  return String(answer["token"]);
}

export async function rotate(id: string, overlapSeconds: number): Promise<string> {
  const response = await ask("POST", `/v1/keys/${id}/rotate`, { body: { overlapSeconds } });
  return String((await answerOf(response, 200, anything))["key"]);
}
