/** The time, once a second, for everything that shows an age; and the difference between this clock and the service's. */
import { signal } from "@preact/signals";

export const nowMs = signal(Date.now());

export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) nowMs.value = Date.now();
  }, 1_000);
  document.addEventListener("visibilitychange", () => {
    nowMs.value = Date.now();
  });
}
