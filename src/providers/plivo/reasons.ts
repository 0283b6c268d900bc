/** Plivo's error codes, and WhatsApp's, which it hands on. Source: Plivo's "Messaging Error Codes". */
import { reasonTable, type ReasonTable } from "../reason.ts";
import { whatsappReasons } from "../whatsappReasons.ts";

export const reasons: ReasonTable = new Map([
  ...whatsappReasons,
  ...reasonTable([
    ["recipient", true, "50 70"],
    ["recipient", false, "80"],
    ["optOut", true, "200"],
    ["policy", true, "450 910 950"],
    ["policy", null, "30 100"],
    ["media", true, "10 110"],
    ["billing", false, "900"],
    ["expired", null, "420"],
    ["channel", true, "40 60"],
    ["channel", null, "90"],
    ["channel", false, "20 300"],
  ]),
]);
