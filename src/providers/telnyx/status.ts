/** Telnyx's words for a recipient's status, and the events that carry one. */
import type { Status } from "../../model/status.ts";

export const MESSAGE_READ = "message.read";

export const statusEvents: ReadonlySet<string> = new Set(["message.sent", "message.finalized", MESSAGE_READ]);

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["scheduled", "scheduled"],
  ["queued", "queued"],
  ["sending", "accepted"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["sending_failed", "failed"],
  ["delivery_failed", "failed"],
  // No report came; it may still have been delivered.
  ["delivery_unconfirmed", "unconfirmed"],
  ["expired", "expired"],
  ["cancelled", "canceled"],
]);
