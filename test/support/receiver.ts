/** Endpoints of a test: what is sent to https://<name>.example.com lands here instead of on the network. */
import { vi } from "vitest";

export interface Received {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

type Answer = (received: Received, signal: AbortSignal | null) => Response | Promise<Response>;

export interface Receivers {
  readonly received: Received[];
  /** Requests that came to this host. */
  readonly at: (host: string) => Received[];
  readonly answer: (host: string, answer: Answer) => void;
  /** What the resolver says of a host; every other host is public. Null: the resolver is out of reach. */
  readonly resolve: (host: string, addresses: readonly string[] | null) => void;
}

export function receivers(): Receivers {
  const received: Received[] = [];
  const answers = new Map<string, Answer>();
  const addresses = new Map<string, readonly string[] | null>();
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.hostname === "cloudflare-dns.com") return resolveName(url, addresses);
    const one = {
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: await request.text(),
    };
    received.push(one);
    const answer = answers.get(url.hostname);
    return answer === undefined ? new Response("ok") : answer(one, init?.signal ?? null);
  });
  return {
    received,
    at: (host) => received.filter(({ url }) => new URL(url).hostname === host),
    answer: (host, answer) => answers.set(host, answer),
    resolve: (host, given) => addresses.set(host, given),
  };
}

/** The events that these requests brought. */
export function eventsOf(requests: readonly Received[]): Set<string | null> {
  return new Set(requests.map(({ headers }) => headers.get("webhook-id")));
}

/** Fails, and asks to be left alone: the next attempt comes when a test makes it, and not by itself after 5 s. */
export function refuse(): Response {
  return new Response("", { status: 500, headers: { "Retry-After": "300" } });
}

/** Never answers; ends as a real request would when its signal fires. */
export function hang(_received: Received, signal: AbortSignal | null): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
  });
}

/** Never answers, and notes of each request how many hung when it came, itself included. */
export function hangCounted(): { readonly answer: Answer; readonly atOnce: readonly number[] } {
  const atOnce: number[] = [];
  let hanging = 0;
  return {
    atOnce,
    answer: async (received, signal) => {
      hanging += 1;
      atOnce.push(hanging);
      try {
        return await hang(received, signal);
      } finally {
        hanging -= 1;
      }
    },
  };
}

function resolveName(url: URL, addresses: ReadonlyMap<string, readonly string[] | null>): Response {
  const known = addresses.get(url.searchParams.get("name") ?? "");
  if (known === null) throw new TypeError("network unreachable");
  const isIpv6 = url.searchParams.get("type") === "AAAA";
  const given = (known ?? ["93.184.216.34"]).filter((address) => address.includes(":") === isIpv6);
  return Response.json({
    Status: 0,
    // What a test may yet change must not be remembered.
    Answer: given.map((data) => ({ type: isIpv6 ? 28 : 1, TTL: known === undefined ? 60 : 0, data })),
  });
}
