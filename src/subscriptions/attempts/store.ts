/** The outside world, for the pure files: network, clock, timers and the resolver, whose answers this isolate remembers. */
import type { Network } from "./deliver.ts";
import { dnsOverHttps } from "./target.ts";

export const network: Network = {
  fetch: (url, init) => fetch(url, init),
  nowMs: () => Date.now(),
  startTimeout: (timeoutMs) => {
    const controller = new AbortController();
    return { signal: controller.signal, stop: startTimer(timeoutMs, () => controller.abort()) };
  },
};

export const lookUp = dnsOverHttps(network);

/** Answers how to stop it. */
export function startTimer(waitMs: number, ring: () => void): () => void {
  const timer = setTimeout(ring, waitMs);
  return () => clearTimeout(timer);
}
