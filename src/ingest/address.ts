/** The address of a webhook as its provider called it, on the deployment's public origin: what some providers sign. */

/** `publicUrl` "": the deployment has no address of its own, and trusts the one it was called by. */
export function publicAddress(publicUrl: string, calledUrl: string): string {
  const { origin, pathname, search } = new URL(calledUrl);
  return `${publicUrl === "" ? origin : publicUrl.replace(/\/+$/, "")}${pathname}${search}`;
}
