/** Texter's numbers for a status. 0 ("Sent") is the platform letting go of the message, before the provider has taken it (1). */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["0", "queued"],
  ["1", "accepted"],
  ["2", "delivered"],
  ["3", "read"],
  ["4", "failed"],
  ["5", "failed"],
  ["6", "deleted"],
]);

/** Not this message failed, but the channel it was to go through. */
export const CHANNEL_FAILED = "5";
