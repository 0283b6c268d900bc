/**
 * The close codes of `tickline.v1`: one table for server, client and tests.
 *
 * 44xx: do not come back unchanged. 45xx: come back with full jitter and resume. Source: API.md 6.7.
 */

export const closeCodes = {
  /** Not JSON, not of the protocol's shape, binary, of an unknown type, or an ack of what was not sent. */
  malformed: 4400,
  /** No token, a wrong one, or its key was deleted. */
  unauthenticated: 4401,
  /** A right token or key that may not do this; or a page of a foreign origin. */
  forbidden: 4403,
  /** No such source, message or subscription, or not for this key to know of. */
  unknown: 4404,
  /** The subprotocols offered make no sense. */
  subprotocol: 4406,
  /** The subscription's id is taken on this socket. */
  idInUse: 4409,
  frameTooLarge: 4413,
  /** Too many sockets, subscriptions or frames. */
  tooMany: 4429,
  internal: 4500,
  shutdown: 4501,
  /** The client does not read as fast as events come. */
  slow: 4502,
  overloaded: 4503,
  /** Fetch a new token first. */
  tokenExpired: 4504,
} as const;

export type CloseCode = (typeof closeCodes)[keyof typeof closeCodes];

export interface Closing {
  readonly code: CloseCode;
  /** For people; at most 123 UTF-8 bytes, so plain ASCII. */
  readonly reason: string;
}

export function closing(name: keyof typeof closeCodes, reason: string): Closing {
  return { code: closeCodes[name], reason };
}

/** What a client is asked to wait before it comes back, at least; it adds jitter of its own. */
const retryAfterMs: Readonly<Partial<Record<CloseCode, number>>> = {
  [closeCodes.internal]: 1_000,
  [closeCodes.shutdown]: 1_000,
  [closeCodes.slow]: 1_000,
  [closeCodes.overloaded]: 5_000,
  [closeCodes.tokenExpired]: 0,
};

/** Null for 44xx: there is nothing to wait for. */
export function retryAfterMsOf(code: CloseCode): number | null {
  return retryAfterMs[code] ?? null;
}

/** Whether a client comes back after this close: all but 44xx, 1000 and 1008, since a deploy looks like 1006. */
export function mayComeBack(code: number): boolean {
  if (code === 1000 || code === 1008) return false;
  return code < 4400 || code > 4499;
}
