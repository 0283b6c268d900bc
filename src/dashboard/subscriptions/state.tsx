/** Whether a subscription is on, and if we switched it off, why. */
import type { SubscriptionView } from "../../model/subscription.ts";
import { Glyph } from "../parts/glyph.tsx";

const words = {
  active: { word: "Active", glyph: "tick", tone: "delivered" },
  inactive: { word: "Switched off", glyph: "minus", tone: "waiting" },
  disabled: { word: "Disabled by us", glyph: "cross", tone: "failed" },
} as const;

export function SubscriptionState({ subscription }: { readonly subscription: SubscriptionView }) {
  const { word, glyph, tone } = words[subscription.status];
  return (
    <span class={`status tone-${tone}`}>
      <Glyph name={glyph} />
      <span class="status-word">{word}</span>
    </span>
  );
}
