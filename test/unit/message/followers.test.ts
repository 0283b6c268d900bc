import { expect, test } from "vitest";
import { rootKeyId } from "../../../src/model/access.ts";
import { askedCredentials, dismiss } from "../../../src/message/followers.ts";
import type { Sockets } from "../../../src/stream/object.ts";
import type { SocketState } from "../../../src/stream/socket.ts";

function someSockets(...credentials: string[]) {
  const closed: [string, number][] = [];
  const sockets: Pick<Sockets, "credentials" | "closeAll"> = {
    credentials: () => [...new Set(credentials)],
    closeAll: ({ code }, which = () => true) => {
      for (const credential of credentials) if (which(stateOf(credential))) closed.push([credential, code]);
    },
  };
  return { closed, sockets };
}

function stateOf(credential: string): SocketState {
  const [keyId = "", secretId = null] = credential.split("/");
  const admission = { keyId, secretId, sources: null, grant: null, expiresAtMs: null };
  return { ...admission, connection: credential, subscriptions: [] };
}

async function unreachable(): Promise<never> {
  throw new Error("D1 is unreachable");
}

test("the deployment's own key is never asked for", () => {
  expect(askedCredentials(someSockets(rootKeyId, "key_a", "key_a").sockets)).toEqual(["key_a"]);
});

test("only the keys that may not follow any longer end, all their sockets with 4401", async () => {
  const { closed, sockets } = someSockets(rootKeyId, "key_a", "key_b", "key_a", "key_later");
  await dismiss(sockets, ["key_a", "key_b"], async () => new Set(["key_b"]));
  expect(closed).toEqual([
    ["key_a", 4401],
    ["key_a", 4401],
  ]);
});

test("a secret that was replaced ends with 4504, since its key may come back with another", async () => {
  const { closed, sockets } = someSockets("key_a/old", "key_a/new", "key_b/old");
  const followers = new Set(["key_a", "key_a/new"]);
  await dismiss(sockets, ["key_a/old", "key_a/new", "key_b/old"], async () => followers);
  expect(closed).toEqual([
    ["key_a/old", 4504],
    ["key_b/old", 4401],
  ]);
});

test("where nobody can tell, the sockets asked for end with 4500 and may come back", async () => {
  const { closed, sockets } = someSockets(rootKeyId, "key_a");
  await expect(dismiss(sockets, ["key_a"], unreachable)).rejects.toThrow("unreachable");
  expect(closed).toEqual([["key_a", 4500]]);
});
