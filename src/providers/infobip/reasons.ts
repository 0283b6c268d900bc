/**
 * Infobip's error names, and, for what Infobip rejects itself and reports without an error, its status names.
 * Names, not numbers: the numbers of errors and of statuses overlap. Source: Infobip's "Error code reference".
 */
import { reasonTable } from "../reason.ts";

export const reasons = reasonTable([
  ["recipient", true, "EC_UNKNOWN_SUBSCRIBER EC_ILLEGAL_SUBSCRIBER EC_TELESERVICE_NOT_PROVISIONED"],
  ["recipient", true, "EC_ILLEGAL_EQUIPMENT EC_BEARER_SERVICE_NOT_PROVISIONED REJECTED_DESTINATION"],
  ["recipient", true, "REJECTED_INVALID_DESTINATION REJECTED_PREFIX_MISSING MISSING_TO"],
  ["recipient", false, "EC_UNIDENTIFIED_SUBSCRIBER EC_ABSENT_SUBSCRIBER_SM EC_ROAMING_NOT_ALLOWED"],
  ["recipient", false, "EC_ABSENT_SUBSCRIBER EC_SUBSCRIBER_BUSY_FOR_MT_SMS EC_MESSAGE_WAITING_LIST_FULL"],
  ["recipient", false, "EC_SM_DF_MEMORYCAPACITYEXCEEDED EC_SM_DF_EQUIPMENTPROTOCOLERROR"],
  ["recipient", false, "EC_SM_DF_EQUIPMENTNOTSM_EQUIPPED"],
  ["recipient", null, "REJECTED_DESTINATION_NOT_REGISTERED"],
  ["optOut", true, "EC_DEST_ADDRESS_BLACKLISTED"],
  ["optOut", null, "REJECTED_DND"],
  ["policy", false, "EC_CALL_BARRED"],
  ["policy", true, "EC_IMSI_BLACKLISTED EC_BLACKLISTED_DESTINATIONADDRESS EC_BLACKLISTED_SENDERADDRESS"],
  ["policy", true, "EC_SOURCE_ADDRESS_BLACKLISTED REJECTED_DESTINATION_BLOCKLISTED REJECTED_SENDER"],
  ["policy", true, "REJECTED_SOURCE"],
  ["rate", true, "EC_DESTINATION_FLOODING EC_DESTINATION_TXT_FLOODING"],
  ["rate", false, "REJECTED_FLOODING_FILTER"],
  ["billing", false, "REJECTED_NOT_ENOUGH_CREDITS REJECTED_PREPAID_PACKAGE_EXPIRED"],
  ["expired", true, "EC_MESSAGE_CANCELED EC_VALIDITYEXPIRED"],
  ["expired", false, "EC_TIME_OUT"],
  ["expired", null, "EXPIRED_EXPIRED EXPIRED_DLR_UNKNOWN"],
  ["channel", false, "EC_SM_DELIVERY_FAILURE EC_SYSTEM_FAILURE EC_PROVIDER_GENERAL_ERROR EC_NO_RESPONSE"],
  ["channel", false, "REJECTED_SYSTEM_ERROR"],
  ["channel", true, "EC_RESOURCE_LIMITATION EC_NOTSUBMITTEDTOSMPPCHANNEL"],
  ["channel", null, "REJECTED_NETWORK REJECTED_ROUTE_NOT_AVAILABLE"],
]);
