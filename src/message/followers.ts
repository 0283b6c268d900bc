/**
 * Who may still follow a message: a key may have been deleted, narrowed or rotated since it opened a socket, and the
 * message's object is not told. So the keys are asked for before events leave; without an answer nobody is told anything.
 */
import { rootKeyId } from "../model/access.ts";
import { closing } from "../stream/close.ts";
import { credentialOf, type SocketState } from "../stream/socket.ts";
import type { Sockets } from "../stream/object.ts";

/** The credentials behind the open sockets, but for the key that never ends. */
export function askedCredentials(sockets: Pick<Sockets, "credentials">): readonly string[] {
  return sockets.credentials().filter((credential) => credential !== rootKeyId);
}

/**
 * Ends the sockets of those credentials that may not follow any longer; all of them, and throws, where that can't be
 * told. Found are the keys that may follow, and with them their secrets that hold.
 */
export async function dismiss(
  sockets: Pick<Sockets, "closeAll">,
  credentials: readonly string[],
  find: (credentials: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<void> {
  const asked = new Set(credentials);
  try {
    const followers = await find(credentials);
    const mayNot = (state: SocketState) =>
      asked.has(credentialOf(state)) && !followers.has(credentialOf(state));
    // The key itself goes on: whoever has its new secret may come back with that.
    sockets.closeAll(replaced, (state) => mayNot(state) && followers.has(state.keyId));
    sockets.closeAll(changed, (state) => mayNot(state) && !followers.has(state.keyId));
  } catch (error) {
    sockets.closeAll(closing("internal", "internal error"), (state) => asked.has(credentialOf(state)));
    throw error;
  }
}

const replaced = closing("tokenExpired", "the key's secret was replaced");
const changed = closing("unauthenticated", "the key was deleted or changed");
