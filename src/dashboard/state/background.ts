/** Work that nobody waits for. Expected failures are answers and shown where they belong; what gets here is a bug. */
import { announce } from "./announce.ts";

export function inBackground(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    announce("Something on this page went wrong. Reload it.");
    console.error(error);
  });
}
