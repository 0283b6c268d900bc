/** The registry: one line each. */
import type { SubscriptionFormat } from "../../model/subscriptionWords.ts";
import { callbell } from "./callbell.ts";
import type { Dialect } from "./dialect.ts";
import { nifteem } from "./nifteem.ts";
import { texter } from "./texter.ts";
import { tickline } from "./tickline.ts";

export const dialects: Readonly<Record<SubscriptionFormat, Dialect>> = {
  tickline,
  nifteem,
  callbell,
  texter,
};
