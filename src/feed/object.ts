import { DurableObject } from "cloudflare:workers";
import type { Event } from "../model/event.ts";

/** Placeholder until the feed lands; the feed engineer replaces this file. */
export class FeedObject extends DurableObject<Env> {
  async publish(_events: readonly Event[]): Promise<void> {}
  /** Closes the sockets that were opened with a key which was deleted or may do less now. */
  async revoke(_keyId: string): Promise<void> {}
  /** How many sockets follow the feed now; for the overview. */
  async openSockets(): Promise<number> {
    return 0;
  }
  async head(): Promise<string> {
    return "";
  }
}
