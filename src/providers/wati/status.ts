/** Wati's events and their statuses. Each event has variants, which add `_v2`, `_bsuid` or both to its name. */
import type { Status } from "../../model/status.ts";

/** A reply is an event of its own kind: it says what somebody did, not what became of the message. */
export const statusEvents =
  /^(?:templateMessageSent|sessionMessageSent|sentMessageDELIVERED|sentMessageREAD|templateMessageFailed)(?:_v2)?(?:_bsuid)?$/;

export const statuses: ReadonlyMap<string, Status> = new Map([
  ["SENT", "sent"],
  ["Delivered", "delivered"],
  ["Read", "read"],
  ["Failed", "failed"],
]);
