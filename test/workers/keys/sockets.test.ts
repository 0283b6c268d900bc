import { expect, test } from "vitest";
import { ask, newKey } from "../../support/api.ts";
import { connect } from "../../support/feed.ts";

async function opened() {
  const { id, key } = await newKey(["feed:read", "messages:read"], ["one-source", "two-source"]);
  const socket = await connect("/v1/stream", { Authorization: `Bearer ${key}` });
  await socket.take("welcome");
  return { id, socket };
}

test.each([
  ["PATCH", "", { sources: ["one-source"] }],
  ["PATCH", "", { scopes: ["messages:read"] }],
  ["PATCH", "", { expiresAt: "2100-01-01T00:00:00.000Z" }],
  ["POST", "/rotate", { overlapSeconds: 0 }],
  ["DELETE", "", undefined],
])("a key that may do less closes what it opened: %s %s %j", async (method, action, body) => {
  const { id, socket } = await opened();
  expect((await ask(method, `/v1/keys/${id}${action}`, { body })).ok).toBe(true);
  expect(await socket.closeCode()).toBe(4401);
});

test.each([
  ["PATCH", "", { name: "renamed" }],
  ["PATCH", "", { scopes: ["messages:read", "feed:read", "sources:read"] }],
  ["PATCH", "", { sources: null }],
  ["POST", "/rotate", { overlapSeconds: 60 }],
])("a key that may do as much as before keeps what it opened: %s %s %j", async (method, action, body) => {
  const { id, socket } = await opened();
  expect((await ask(method, `/v1/keys/${id}${action}`, { body })).ok).toBe(true);
  socket.send({ type: "ping" });
  await socket.take("pong");
  expect(socket.closed).toBeNull();
});
