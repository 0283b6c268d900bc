/** The registry: one line each. */
import { dialog360 } from "./360dialog/index.ts";
import { callbell } from "./callbell/index.ts";
import { gupshup } from "./gupshup/index.ts";
import { infobip } from "./infobip/index.ts";
import { meta } from "./meta/index.ts";
import { nifteem } from "./nifteem/index.ts";
import type { Provider } from "./provider.ts";
import { texter } from "./texter/index.ts";
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
];

export function findProvider(name: string): Provider | null {
  return providers.find((provider) => provider.name === name) ?? null;
}
