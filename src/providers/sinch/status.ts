/** Sinch's words for a status, which its two APIs do not share. */
import type { Status } from "../../model/status.ts";

export const conversationStatuses: ReadonlyMap<string, Status> = new Map([
  ["QUEUED_ON_CHANNEL", "queued"],
  ["DELIVERED", "delivered"],
  ["READ", "read"],
  ["FAILED", "failed"],
  // The message goes on through the next channel of its fall-back list.
  ["SWITCHING_CHANNEL", "channel_switched"],
]);

export const smsStatuses: ReadonlyMap<string, Status> = new Map([
  ["Queued", "queued"],
  ["Dispatched", "accepted"],
  ["Delivered", "delivered"],
  ["Aborted", "canceled"],
  ["Cancelled", "canceled"],
  ["Rejected", "failed"],
  // By the operator, not by the recipient.
  ["Deleted", "failed"],
  ["Failed", "failed"],
  ["Expired", "expired"],
  ["Unknown", "unconfirmed"],
]);
