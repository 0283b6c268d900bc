/** The registry: one line each. */
import { dialog360 } from "./360dialog/index.ts";
import { bird } from "./bird/index.ts";
import { callbell } from "./callbell/index.ts";
import { gupshup } from "./gupshup/index.ts";
import { infobip } from "./infobip/index.ts";
import { messagebird } from "./messagebird/index.ts";
import { meta } from "./meta/index.ts";
import { nifteem } from "./nifteem/index.ts";
import { plivo } from "./plivo/index.ts";
import type { Provider } from "./provider.ts";
import { sinch } from "./sinch/index.ts";
import { telnyx } from "./telnyx/index.ts";
import { texter } from "./texter/index.ts";
import { twilio } from "./twilio/index.ts";
import { vonage } from "./vonage/index.ts";
import { wati } from "./wati/index.ts";
import { zenvia } from "./zenvia/index.ts";

export const providers: readonly Provider[] = [
  nifteem,
  callbell,
  texter,
  meta,
  dialog360,
  gupshup,
  infobip,
  zenvia,
  wati,
  twilio,
  vonage,
  sinch,
  telnyx,
  plivo,
  messagebird,
  bird,
];

export function findProvider(name: string): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}
