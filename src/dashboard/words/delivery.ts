/** How each state of a delivery is shown. */
import type { DeliveryState } from "../../model/subscriptionWords.ts";
import type { GlyphName, Tone } from "./status.ts";

interface DeliveryWords {
  readonly word: string;
  readonly glyph: GlyphName;
  readonly tone: Tone;
}

export const deliveryWords: Readonly<Record<DeliveryState, DeliveryWords>> = {
  pending: { word: "Pending", glyph: "dots", tone: "waiting" },
  delivered: { word: "Delivered", glyph: "ticks", tone: "delivered" },
  retrying: { word: "Retrying", glyph: "clock", tone: "unsure" },
  exhausted: { word: "Given up", glyph: "cross", tone: "failed" },
  blocked: { word: "Blocked", glyph: "slash", tone: "failed" },
  canceled: { word: "Canceled", glyph: "minus", tone: "waiting" },
};

/** What the state means for whoever waits for the event. */
export const deliveryMeanings: Readonly<Record<DeliveryState, string>> = {
  pending: "Its first attempt is about to be made.",
  delivered: "The endpoint answered with success.",
  retrying: "An attempt failed; another one is planned.",
  exhausted: "All attempts within 48 hours failed. It can be retried by hand.",
  blocked: "The address must not be called. Change the subscription’s URL, then retry.",
  canceled: "The subscription was switched off before it was delivered.",
};
