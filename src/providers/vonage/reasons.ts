/** Vonage's error codes. Source: the errors of its Messages API. */
import { reasonTable } from "../reason.ts";

export const reasons = reasonTable([
  ["recipient", true, "1160 1170 1190 1300 1310 1430"],
  ["recipient", false, "1180 1220 1290"],
  ["recipient", null, "1200 1260"],
  ["optOut", true, "1240"],
  ["policy", true, "1050 1060 1120 1270 1470 1473 1480 1481 1482 1483 1484"],
  ["policy", null, "1210 1280 1282 1461"],
  ["window", true, "1340"],
  ["template", true, "1022"],
  ["media", true, "1040 1090 1150 1380 1381 1382 1440"],
  ["rate", false, "1000 1241 1460 1472"],
  ["billing", false, "1070 1350"],
  ["expired", null, "1360"],
  ["channel", true, "1010 1020 1080 1140 1400 1410 1420"],
  ["channel", null, "1250 1251 1370"],
  ["channel", false, "1030 1100 1230 1331"],
]);
