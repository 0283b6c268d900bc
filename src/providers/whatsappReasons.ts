/**
 * WhatsApp's own error codes, as every provider hands them on: what kind of failure each is, and whether sending
 * the same message to the same recipient again can't help. Source: Meta's Cloud API error codes; 4xx and 5xx are
 * those of the older on-premises API, which resellers still use.
 */
import { reasonTable } from "./reason.ts";

export const whatsappReasons = reasonTable([
  ["recipient", true, "131021 131026 131030 1013"],
  ["recipient", null, "137000"],
  ["optOut", true, "131050"],
  ["policy", null, "368 131031"],
  ["policy", true, "130472 130497 472"],
  ["policy", false, "131049"],
  ["window", true, "131047 470"],
  ["template", true, "132000 132001 132005 132007 132012 132016 132018 132068"],
  ["template", null, "132015 132069"],
  ["media", true, "131051 131053"],
  ["media", null, "131052"],
  ["rate", false, "4 80007 130429 131048 131056 133016 429 471"],
  ["billing", false, "131042 402"],
  ["channel", null, "1 131000 131045 133010"],
  ["channel", false, "2 131016 131057 500"],
]);
