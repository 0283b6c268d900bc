/** Telnyx's error codes as far as they end a message. Source: its "Messaging Error Code Reference". */
import { reasonTable } from "../reason.ts";

export const reasons = reasonTable([
  ["recipient", true, "40001 40012 40310"],
  ["recipient", false, "40006"],
  ["recipient", null, "40004 40008"],
  ["optOut", true, "40300"],
  ["policy", true, "40003 40010 40150 40309 40312 40314 40322 40329"],
  ["policy", null, "40015 40017 40315"],
  ["policy", false, "40002"],
  ["media", true, "40009 40302 40304 40316 40317 40328"],
  ["rate", false, "40011 40016 40018 40318"],
  ["billing", false, "20100"],
  ["expired", null, "40005 40014"],
  ["channel", true, "40013 40100 40301 40305 40306 40308 40319 40321"],
  ["channel", false, "40151 40320"],
]);
