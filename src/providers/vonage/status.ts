/** Vonage's words for a status. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["submitted", "accepted"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["rejected", "failed"],
  ["undeliverable", "failed"],
]);
