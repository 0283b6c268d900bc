/**
 * Who may still follow a message: a key may have been deleted or narrowed since it opened a socket, and the message's
 * object is not told. So the keys are asked for before events leave; without an answer nobody is told anything.
 */
import { rootKeyId } from "../model/access.ts";
import { closing } from "../stream/close.ts";
import type { Sockets } from "../stream/object.ts";

/** The keys behind the open sockets, but for the one that never ends. */
export function askedKeys(sockets: Pick<Sockets, "keyIds">): readonly string[] {
  return sockets.keyIds().filter((id) => id !== rootKeyId);
}

/** Ends the sockets of those keys that may not follow any longer; all of them, and throws, where that can't be told. */
export async function dismiss(
  sockets: Pick<Sockets, "closeAll">,
  keyIds: readonly string[],
  find: (keyIds: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<void> {
  const asked = new Set(keyIds);
  try {
    const followers = await find(keyIds);
    const ended = closing("unauthenticated", "the key was deleted or changed");
    sockets.closeAll(ended, ({ keyId }) => asked.has(keyId) && !followers.has(keyId));
  } catch (error) {
    sockets.closeAll(closing("internal", "internal error"), ({ keyId }) => asked.has(keyId));
    throw error;
  }
}
