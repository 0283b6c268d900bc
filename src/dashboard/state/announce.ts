/** The one polite status region: what has just been done, heard, and for a while seen. */
import { signal } from "@preact/signals";

const keptMs = 6_000;

interface Announcement {
  readonly text: string;
  /** False for what stands on the page already, and is only to be heard. */
  readonly seen: boolean;
}

const nothing: Announcement = { text: "", seen: false };

export const announcement = signal(nothing);
let timer = 0;

export function announce(text: string, { seen = true }: { readonly seen?: boolean } = {}): void {
  clearTimeout(timer);
  announcement.value = { text, seen };
  timer = window.setTimeout(() => {
    announcement.value = nothing;
  }, keptMs);
}
