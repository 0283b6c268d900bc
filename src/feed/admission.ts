/**
 * Who may open a stream: reads what an upgrade offers, and says each refusal twice, as an HTTP problem and as a close
 * code, since a browser is shown only the latter.
 */
import { coversAccess, holdsScope, type Principal } from "../model/access.ts";
import type { Failure } from "../model/failure.ts";
import { assertNever, fail, type Result, succeed } from "../model/result.ts";
import { type Closing, closing } from "../stream/close.ts";
import { subprotocol, tokenSubprotocolPrefix } from "../stream/protocol.ts";
import { earlier } from "../stream/session.ts";
import type { Admission } from "../stream/socket.ts";
import { fitsSocket, tooManySources } from "./grant.ts";
import type { TokenFault } from "./token.ts";

export interface Refusal {
  readonly failure: Failure;
  readonly closing: Closing;
}

export interface Offer {
  readonly isUpgrade: boolean;
  /** Then a refusal is an accepted socket and a close code. */
  readonly speaksOurs: boolean;
  /** Stream tokens among the subprotocols; more than one is nobody's. */
  readonly tokens: readonly string[];
  /** Null: not sent, so no browser. */
  readonly origin: string | null;
}

export function readOffer(headers: Headers): Offer {
  const protocols = (headers.get("Sec-WebSocket-Protocol") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return {
    isUpgrade: headers.get("Upgrade")?.toLowerCase() === "websocket",
    speaksOurs: protocols.includes(subprotocol),
    tokens: protocols
      .filter((name) => name.startsWith(tokenSubprotocolPrefix))
      .map((name) => name.slice(tokenSubprotocolPrefix.length)),
    origin: headers.get("Origin"),
  };
}

/** Our own pages, and those of the operator's list. */
export function allowsOrigin(origin: string | null, ownUrls: readonly string[], allowed: string): boolean {
  if (origin === null) return true;
  const own = ownUrls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
  const listed = allowed.split(",").map((entry) => entry.trim().replace(/\/$/, ""));
  return origin !== "null" && origin !== "" && [...own, ...listed].includes(origin);
}

export function admitKey(principal: Principal | null): Result<Admission, Refusal> {
  if (principal === null) return fail(unauthenticated);
  if (!holdsScope(principal, "feed:read")) {
    return fail(refuse({ kind: "forbidden", detail: "This needs the scope feed:read." }));
  }
  if (!fitsSocket(principal.sources)) return fail(refuse(tooManySources));
  return succeed({
    keyId: principal.keyId,
    secretId: principal.secretId,
    sources: principal.sources === null ? null : [...principal.sources],
    grant: null,
    expiresAtMs: principal.expiresAtMs,
  });
}

/** A token is worth what its maker may do now: a deleted key's is worth nothing, a narrowed key's less. */
export function admitToken(
  token: Result<Admission, TokenFault>,
  maker: Principal | null,
): Result<Admission, Refusal> {
  if (!token.ok) return fail(token.failure === "expired" ? expiredToken : unauthenticated);
  const access = admitKey(maker);
  if (!access.ok) return access;
  const { sources, expiresAtMs } = access.value;
  return succeed({
    ...token.value,
    sources: intersection(token.value.sources, sources),
    expiresAtMs: earlier(token.value.expiresAtMs, expiresAtMs),
  });
}

/** Whether a socket sees no more than its key does now. Null: the key, or its secret, is gone. */
export function mayGoOn(
  { sources }: Pick<Admission, "sources">,
  key: Pick<Principal, "scopes" | "sources"> | null,
): boolean {
  return key !== null && coversAccess(key, { scopes: ["feed:read"], sources });
}

export const unauthenticated = refuse({ kind: "unauthenticated" });
const expiredToken: Refusal = {
  failure: { kind: "unauthenticated" },
  closing: closing("tokenExpired", "the token has expired"),
};
export const foreignOrigin = refuse({
  kind: "forbidden",
  detail: "Pages of this origin may not open streams.",
});
export const twoTokens: Refusal = {
  failure: { kind: "malformed", detail: "Offer one token, as one subprotocol." },
  closing: closing("subprotocol", "more than one token was offered"),
};

/** The one place that knows which failure is which close code. */
export function refuse(failure: Failure): Refusal {
  return { failure, closing: closingOf(failure) };
}

function closingOf(failure: Failure): Closing {
  switch (failure.kind) {
    case "unauthenticated":
      return closing("unauthenticated", "the credential is missing or wrong");
    case "forbidden":
      return closing("forbidden", failure.detail);
    case "notFound":
      return closing("unknown", failure.detail);
    case "rateLimited":
    case "conflict":
      return closing("tooMany", "too many requests");
    case "unavailable":
      return closing("overloaded", failure.detail);
    case "methodNotAllowed":
    case "malformed":
    case "invalid":
    case "gone":
    case "tooLarge":
    case "upgradeRequired":
      return closing("malformed", "the request is not one of this stream");
    default:
      return assertNever(failure);
  }
}

function intersection(left: readonly string[] | null, right: readonly string[] | null): string[] | null {
  if (left === null) return right === null ? null : [...right];
  return right === null ? [...left] : left.filter((source) => right.includes(source));
}
