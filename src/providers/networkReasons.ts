/**
 * The mobile networks' error codes (GSM MAP), as MessageBird numbers them and Bird hands them on. Source: Bird's "SMS
 * Platform Extended Error Codes".
 */
import { reasonTable } from "./reason.ts";

export const networkReasons = reasonTable([
  ["recipient", true, "1 5 9 10 11"],
  ["recipient", false, "6 8 27 31 33"],
  ["recipient", null, "2 3 12 13"],
  ["optOut", true, "103"],
  ["policy", true, "104 105"],
  ["rate", false, "106 107"],
  ["channel", null, "21 32 35 36"],
  ["channel", false, "34 51"],
]);
