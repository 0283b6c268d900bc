/** The address of a webhook as its provider called it, on the deployment's public origin: what some providers sign. */
import { publicOrigin } from "../sources/address.ts";

export function publicAddress(publicUrl: string, calledUrl: string): string {
  const { pathname, search } = new URL(calledUrl);
  return `${publicOrigin(publicUrl, calledUrl)}${pathname}${search}`;
}
