/** The one polite status region: what has just been done, seen and heard. */
import { signal } from "@preact/signals";

const shownMs = 6_000;

export const announcement = signal("");
let timer = 0;

export function announce(text: string): void {
  clearTimeout(timer);
  announcement.value = text;
  timer = window.setTimeout(() => {
    announcement.value = "";
  }, shownMs);
}
