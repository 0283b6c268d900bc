import { expect, test } from "vitest";
import { rootKeyId } from "../../../src/model/access.ts";
import { askedKeys, dismiss } from "../../../src/message/followers.ts";
import type { Sockets } from "../../../src/stream/object.ts";
import type { SocketState } from "../../../src/stream/socket.ts";

function someSockets(...keyIds: string[]) {
  const closed: [string, number][] = [];
  const sockets: Pick<Sockets, "keyIds" | "closeAll"> = {
    keyIds: () => [...new Set(keyIds)],
    closeAll: ({ code }, which = () => true) => {
      for (const keyId of keyIds) if (which(stateOf(keyId))) closed.push([keyId, code]);
    },
  };
  return { closed, sockets };
}

function stateOf(keyId: string): SocketState {
  return { keyId, sources: null, grant: null, expiresAtMs: null, connection: keyId, subscriptions: [] };
}

async function unreachable(): Promise<never> {
  throw new Error("D1 is unreachable");
}

test("the deployment's own key is never asked for", () => {
  expect(askedKeys(someSockets(rootKeyId, "key_a", "key_a").sockets)).toEqual(["key_a"]);
});

test("only the keys that may not follow any longer end, all their sockets with 4401", async () => {
  const { closed, sockets } = someSockets(rootKeyId, "key_a", "key_b", "key_a", "key_later");
  await dismiss(sockets, ["key_a", "key_b"], async () => new Set(["key_b"]));
  expect(closed).toEqual([
    ["key_a", 4401],
    ["key_a", 4401],
  ]);
});

test("where nobody can tell, the sockets asked for end with 4500 and may come back", async () => {
  const { closed, sockets } = someSockets(rootKeyId, "key_a");
  await expect(dismiss(sockets, ["key_a"], unreachable)).rejects.toThrow("unreachable");
  expect(closed).toEqual([["key_a", 4500]]);
});
