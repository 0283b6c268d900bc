/** Nifteem's words for a status. The webhook promises four of them; the others appear in its own log of a dispatch. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["DISPATCHED", "queued"],
  ["NOSENT", "not_sent"],
  ["SENT", "sent"],
  ["DELIVERED", "delivered"],
  ["READ", "read"],
  ["FAILED", "failed"],
  ["DELETED", "deleted"],
]);
