/**
 * One attempt: sends one request and says what came of it. It never throws, never follows a redirect, and reads
 * no more of an answer than is kept.
 */
import * as limits from "../../model/limits.ts";
import { readRetryAfter } from "../schedule/retry.ts";

/**
 * What Cloudflare answers in an endpoint's place, for a deployed Worker or as a proxy of the endpoint's own.
 * Source: https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
 */
const answersOfTheNetwork: Readonly<Record<number, string>> = {
  520: "an answer that is not HTTP",
  521: "the connection was refused",
  522: "the connection timed out",
  523: "the endpoint cannot be reached",
  524: "no answer in time",
  525: "TLS failed",
  526: "the TLS certificate is not valid",
  530: "the host name cannot be looked up",
};
const timeoutsOfTheNetwork: readonly number[] = [522, 524];

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: ReadonlyArray<readonly [string, string]>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

export interface Network {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly nowMs: () => number;
  readonly startTimeout: (timeoutMs: number) => Timeout;
}

/** Must be stopped when it is no longer needed: a timer that still runs keeps its object awake. */
export interface Timeout {
  readonly signal: AbortSignal;
  readonly stop: () => void;
}

export interface AttemptResult {
  readonly outcome:
    | "delivered"
    | "failed"
    /** The endpoint says that it is no more. */
    | "gone"
    /** Must not be called; nothing was sent. */
    | "blocked";
  readonly atMs: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly responseBody: string | null;
  readonly retryAfterMs: number | null;
  readonly timedOut: boolean;
}

export async function deliver(request: OutgoingRequest, network: Network): Promise<AttemptResult> {
  const atMs = network.nowMs();
  const { signal, stop } = network.startTimeout(request.timeoutMs);
  try {
    const response = await network.fetch(request.url, {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, value]),
      body: request.body,
      redirect: "manual",
      signal,
    });
    const responseBody = await readStart(response, signal);
    return {
      ...judge(response.status),
      atMs,
      durationMs: network.nowMs() - atMs,
      statusCode: response.status,
      responseBody,
      retryAfterMs: readRetryAfter(response.headers.get("Retry-After"), network.nowMs()),
      timedOut: timeoutsOfTheNetwork.includes(response.status),
    };
  } catch (error) {
    const timedOut = signal.aborted;
    const cause = timedOut
      ? `no answer within ${request.timeoutMs / 1_000} s`
      : connectionFault(error, request.url);
    return notAnswered("failed", cause, atMs, network.nowMs() - atMs, timedOut);
  } finally {
    stop();
  }
}

/** An attempt that ended before anything was sent, or without an answer. */
export function notAnswered(
  outcome: AttemptResult["outcome"],
  error: string,
  atMs: number,
  durationMs: number,
  timedOut = false,
): AttemptResult {
  return {
    outcome,
    atMs,
    durationMs,
    statusCode: null,
    error,
    responseBody: null,
    retryAfterMs: null,
    timedOut,
  };
}

function judge(status: number): Pick<AttemptResult, "outcome" | "error"> {
  if (status >= 200 && status < 300) return { outcome: "delivered", error: null };
  if (status === 410) return { outcome: "gone", error: "answered 410 Gone" };
  if (status >= 300 && status < 400) {
    return { outcome: "failed", error: `answered ${status}; redirects are not followed` };
  }
  const ofTheNetwork = answersOfTheNetwork[status];
  const reason = ofTheNetwork === undefined ? "" : `, which is Cloudflare's word for: ${ofTheNetwork}`;
  return { outcome: "failed", error: `answered ${status}${reason}` };
}

/** The status has been heard: a body that hangs or breaks off changes nothing any more. */
async function readStart(response: Response, signal: AbortSignal): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const aborted = new Promise<null>((resolve) => {
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
  const start = new Uint8Array(limits.deliveryResponseBytesMax);
  let bytes = 0;
  try {
    while (bytes < start.byteLength && !signal.aborted) {
      const read = await Promise.race([reader.read(), aborted]);
      const chunk: unknown = read?.value;
      if (!(chunk instanceof Uint8Array)) break;
      const kept = chunk.subarray(0, start.byteLength - bytes);
      start.set(kept, bytes);
      bytes += kept.byteLength;
    }
  } catch {
    // Broke off: what came so far is kept.
  }
  reader.cancel().catch(() => undefined);
  return new TextDecoder().decode(start.subarray(0, bytes));
}

function connectionFault(error: unknown, url: string): string {
  const text = error instanceof Error ? error.message : String(error);
  // All that a local runtime tells of TLS; it keeps the reason to its own log.
  if (text.startsWith("internal error") && url.startsWith("https:")) return tlsFault;
  return `connection failed: ${text}`.slice(0, 300);
}

const tlsFault =
  "connection failed, most likely TLS: a certificate that is expired, not trusted or of another name";
