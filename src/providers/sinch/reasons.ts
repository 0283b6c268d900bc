/** Sinch's reason codes. Sources: ReasonCode of its Conversation API; "Delivery report error codes" of its SMS API. */
import { reasonTable } from "../reason.ts";

export const conversationReasons = reasonTable([
  ["recipient", true, "RECIPIENT_INVALID_CHANNEL_IDENTITY CONTACT_NOT_FOUND"],
  ["recipient", true, "NO_CHANNEL_IDENTITY_FOR_CONTACT"],
  ["recipient", false, "RECIPIENT_NOT_REACHABLE"],
  ["recipient", null, "NO_PROFILE_AVAILABLE"],
  ["optOut", true, "RECIPIENT_NOT_OPTED_IN"],
  ["policy", true, "DELIVERY_REJECTED_DUE_TO_POLICY NO_PERMISSION"],
  ["window", true, "OUTSIDE_ALLOWED_SENDING_WINDOW"],
  ["template", true, "TEMPLATE_NOT_CONFIGURED TEMPLATE_INSUFFICIENT_PARAMETERS"],
  ["template", true, "TEMPLATE_LANGUAGE_OR_VERSION_NOT_FOUND TEMPLATE_INVALID_PARAMETER"],
  ["media", true, "MEDIA_TOO_LARGE MEDIA_NOT_SUPPORTED MEDIA_NOT_FOUND MEDIA_TYPE_UNDETERMINED"],
  ["media", null, "MEDIA_NOT_REACHABLE"],
  ["rate", false, "RATE_LIMITED"],
  ["expired", null, "DELIVERY_TIMED_OUT MESSAGE_EXPIRED DELIVERY_REPORT_TIME_OUT"],
  ["channel", true, "BAD_REQUEST UNKNOWN_APP CHANNEL_BAD_CONFIGURATION CHANNEL_CONFIGURATION_MISSING"],
  ["channel", true, "UNSUPPORTED_OPERATION INACTIVE_CREDENTIAL MESSAGE_SPLIT_REQUIRED"],
  ["channel", null, "CHANNEL_FAILURE CHANNEL_REJECT NO_CHANNELS_LEFT"],
  ["channel", false, "INTERNAL_ERROR"],
]);

export const smsReasons = reasonTable([
  ["recipient", null, "417"],
  ["policy", true, "410 412 413"],
  ["media", true, "411 414 418"],
  ["expired", null, "406"],
  ["channel", true, "402 405 407"],
  ["channel", null, "408 415 416"],
  ["channel", false, "403 404"],
]);
