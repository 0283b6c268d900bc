/** Everything that can go wrong and is expected to. `http/problem.ts` alone decides what the wire sees of it. */

/** One fault in a body. `path` is relative to the body, like `data.actions[0].params.url`; "" is the body itself. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export type Failure =
  /** No credential, or a wrong one. */
  | { readonly kind: "unauthenticated" }
  /** A right key that may not do this. */
  | { readonly kind: "forbidden"; readonly detail: string }
  /** Not there, or not for this key to know of. */
  | { readonly kind: "notFound"; readonly detail: string }
  | { readonly kind: "methodNotAllowed"; readonly allow: string }
  /** The body could not be read as JSON or as a form at all. */
  | { readonly kind: "malformed"; readonly detail: string }
  /** The body could be read, and says something we refuse. */
  | { readonly kind: "invalid"; readonly detail: string; readonly issues: readonly Issue[] }
  | { readonly kind: "conflict"; readonly detail: string }
  /** A cursor that can't be honoured any more. */
  | { readonly kind: "gone"; readonly detail: string }
  | { readonly kind: "tooLarge"; readonly limitBytes: number }
  | { readonly kind: "rateLimited"; readonly retryAfterSeconds: number }
  /** The request needs an upgrade to WebSocket. */
  | { readonly kind: "upgradeRequired" }
  /** Nothing is wrong with the request; try again. */
  | { readonly kind: "unavailable"; readonly detail: string; readonly retryAfterSeconds: number };

/** The failure of one field. */
export function invalid(path: string, message: string): Extract<Failure, { kind: "invalid" }> {
  return invalidAt([{ path, message }]);
}

export function invalidAt(issues: readonly Issue[]): Extract<Failure, { kind: "invalid" }> {
  return { kind: "invalid", detail: "The request has values that are not allowed.", issues };
}
