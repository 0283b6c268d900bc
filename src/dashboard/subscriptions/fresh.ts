/** A signing secret that was just made, until it is shown. */
import { signal } from "@preact/signals";

export const freshSecret = signal<{ readonly id: string; readonly signingSecret: string } | null>(null);
