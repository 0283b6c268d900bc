/**
 * The status object that Gupshup puts into its events, and that those who send through Gupshup hand on unchanged.
 * `id` is Gupshup's own id for what Gupshup says itself, and WhatsApp's id for what WhatsApp says; then `gsId` is
 * Gupshup's, unless the message was sent more than a week before.
 */
import * as z from "zod";
import { isJsonObject } from "../model/json.ts";
import type { Reason } from "../model/reason.ts";
import type { Status } from "../model/status.ts";
import { looseText, optional, optionalTextOrNumber } from "./fields.ts";
import { reasonOf, reasonTable, type ReasonTable } from "./reason.ts";
import { unixSeconds } from "./time.ts";
import { whatsappReasons } from "./whatsappReasons.ts";

/** Every member is loose: those who hand the object on do not promise its shape. Only a time that is none is an issue. */
export const gupshupPayloadSchema = z.object({
  id: optionalTextOrNumber.catch(null),
  gsId: optionalTextOrNumber.catch(null),
  destination: optionalTextOrNumber.catch(null),
  payload: z.preprocess(
    (value) => (isJsonObject(value) ? value : null),
    optional(
      z.object({
        ts: optional(unixSeconds),
        code: optionalTextOrNumber.catch(null),
        reason: looseText,
        wa_id: optionalTextOrNumber.catch(null),
        whatsappMessageId: optionalTextOrNumber.catch(null),
      }),
    ),
  ),
});

export type GupshupPayload = z.output<typeof gupshupPayloadSchema>;

export const gupshupStatuses: ReadonlyMap<string, Status> = new Map([
  ["enqueued", "queued"],
  ["sent", "sent"],
  ["delivered", "delivered"],
  ["read", "read"],
  ["failed", "failed"],
  ["mismatch", "recipient_corrected"],
  ["deleted", "deleted"],
]);

/** What Gupshup itself refuses (partner documentation, "Error Codes"), beside WhatsApp's own codes. */
const gupshupReasons: ReasonTable = new Map([
  ...whatsappReasons,
  ...reasonTable([
    ["recipient", true, "1002"],
    ["optOut", null, "1006 1007 1008"],
    ["optOut", true, "1012"],
    ["window", null, "1004 1005"],
    ["template", true, "4003"],
    ["template", null, "4005"],
    ["media", true, "1010 1011"],
    ["rate", false, "4001"],
    ["billing", false, "1003"],
    ["channel", null, "4002"],
    ["channel", true, "4004"],
  ]),
]);

export function gupshupReason(payload: GupshupPayload | null): Reason | null {
  return reasonOf(gupshupReasons, payload?.payload?.code ?? null, payload?.payload?.reason ?? null);
}

/** All ids of the message that the object names. */
export function gupshupIds(payload: GupshupPayload | null): (string | null)[] {
  return [payload?.gsId ?? null, payload?.id ?? null, payload?.payload?.whatsappMessageId ?? null];
}
