/** MessageBird's words for a status. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["scheduled", "scheduled"],
  ["buffered", "queued"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["expired", "expired"],
  ["delivery_failed", "failed"],
]);
