/** Zenvia's codes for a status. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["ACCEPTED", "accepted"],
  ["SENT", "sent"],
  ["DELIVERED", "delivered"],
  ["READ", "read"],
  ["REJECTED", "failed"],
  ["NOT_DELIVERED", "failed"],
  ["DELETED", "deleted"],
  ["CLICKED", "clicked"],
  ["VERIFIED", "verified"],
]);
