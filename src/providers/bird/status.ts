/** Bird's words for a status, and for what a recipient does. */
import type { Status } from "../../model/status.ts";

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["scheduled", "scheduled"],
  ["accepted", "queued"],
  ["processing", "queued"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["sending_failed", "failed"],
  ["delivery_failed", "failed"],
]);

export const interactions: ReadonlyMap<string, Status> = new Map([
  ["read", "read"],
  ["opened", "read"],
  ["clicked", "clicked"],
]);
