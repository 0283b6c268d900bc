/**
 * Infobip's statuses. The name decides, since its groups mix what differs: in the group DELIVERED, what only the
 * operator has is not delivered. A name that is new counts as the rest of its group.
 */
import type { Status } from "../../model/status.ts";

const names: ReadonlyMap<string, Status> = new Map([
  ["DELIVERED_TO_OPERATOR", "accepted"],
  ["DELIVERED_TO_HANDSET", "delivered"],
  // The operator never reported; it may still have been delivered.
  ["EXPIRED_DLR_UNKNOWN", "unconfirmed"],
]);

const groups: ReadonlyMap<string, Status> = new Map([
  ["PENDING", "queued"],
  ["UNDELIVERABLE", "failed"],
  ["EXPIRED", "expired"],
  ["REJECTED", "failed"],
]);

export function statusOf(name: string, groupName: string | null): Status | undefined {
  return names.get(name) ?? groups.get(groupName ?? name.split("_")[0] ?? "");
}
