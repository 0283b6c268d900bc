/** Twilio's error codes as far as they end a message. Source: Twilio's "Error and Warning Dictionary". */
import { reasonTable } from "../reason.ts";

export const reasons = reasonTable([
  ["recipient", true, "21211 21614 30005 30006 30011 63003 63024 63031 63036"],
  ["recipient", false, "30003 63015"],
  ["optOut", true, "21610 63014 63033"],
  ["policy", true, "21408 30018 30024 30032 30034 63013"],
  ["policy", null, "30002 30004 30007 30035 30038 30039 30450 63032 63049 63051"],
  ["window", true, "63016"],
  ["template", true, "63027 63028 63029 63030 63040 63041 63042"],
  ["media", true, "21617 30019 63005 63006 63021"],
  ["media", null, "63019"],
  ["rate", false, "30001 30022 30023 30027 63018 63038"],
  ["billing", null, "30010"],
  ["expired", null, "30036"],
  ["channel", true, "21612 63007"],
  ["channel", false, "30009 30017 30410 63001 63008 63009 63010 63012"],
]);
