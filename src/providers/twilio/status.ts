/** Twilio's words for a status. Event Streams write the same in capitals. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["scheduled", "scheduled"],
  ["accepted", "queued"],
  ["queued", "queued"],
  ["sending", "accepted"],
  ["sent", "sent"],
  // Of a message in several channels or parts: not all have arrived.
  ["partially_delivered", "sent"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["undelivered", "failed"],
  ["failed", "failed"],
  ["canceled", "canceled"],
]);

/** What people send to us. */
export const incoming: ReadonlySet<string> = new Set(["receiving", "received"]);
