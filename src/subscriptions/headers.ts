/** Who decides about a header of a delivery: `host` and the like the transport, our own names we, the rest its owner. */

const refusedNames = new Set([
  "host",
  "user-agent",
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const refusedPrefixes = ["content-", "webhook-", "tickline-"];

/** Not for its owner to set. */
export function isRefusedHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return refusedNames.has(lower) || refusedPrefixes.some((prefix) => lower.startsWith(prefix));
}
