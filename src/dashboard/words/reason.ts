/** Why a message failed, for a person: what the kind means and what can be done. */
import type { Reason, ReasonKind } from "../../model/reason.ts";

interface ReasonWords {
  readonly title: string;
  readonly advice: string;
}

export const reasonWords: Readonly<Record<ReasonKind, ReasonWords>> = {
  recipient: {
    title: "The recipient cannot be reached",
    advice: "Check the number: it may be wrong, or not on this channel.",
  },
  optOut: {
    title: "The recipient opted out",
    advice: "Do not write to them again on this channel until they opt in.",
  },
  policy: {
    title: "The content was refused",
    advice: "Read the provider’s rules for this content, change it, then send again.",
  },
  window: {
    title: "Outside the conversation window",
    advice: "Send an approved template, or wait until the recipient writes.",
  },
  template: {
    title: "The template is not right",
    advice: "Compare the template’s name, language and variables with what the provider approved.",
  },
  media: {
    title: "The attachment could not be used",
    advice: "Check its size, its type and that its address can be fetched.",
  },
  rate: {
    title: "Too many messages at once",
    advice: "Send more slowly; the same message can be sent again later.",
  },
  billing: {
    title: "The account cannot pay",
    advice: "Check balance and payment method at the provider.",
  },
  channel: {
    title: "The channel is not working",
    advice: "Check the sender’s connection at the provider.",
  },
  expired: {
    title: "The time to deliver ran out",
    advice: "The recipient was not reachable in time; it can be sent again.",
  },
  unknown: {
    title: "The provider gave no reason that we know",
    advice: "The provider’s own words are below and in the raw payload.",
  },
};

/** One line for a table: the provider's text, else what the kind means; with the code. */
export function reasonLine(reason: Reason): string {
  const text = reason.text ?? reasonWords[reason.kind].title;
  return reason.code === null ? text : `${text} (${reason.code})`;
}
