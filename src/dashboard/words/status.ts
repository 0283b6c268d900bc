/** How each status is shown: a word, a shape and a tone, so that colour never speaks alone. */
import type { Status } from "../../model/status.ts";

/** A tone is a colour of styles/tokens.css, and what the statuses that share it have in common. */
export type Tone = "waiting" | "sent" | "delivered" | "read" | "failed" | "unsure" | "note";

export type GlyphName =
  | "clock"
  | "dots"
  | "ring"
  | "tick"
  | "ticks"
  | "ticksFilled"
  | "playFilled"
  | "question"
  | "slash"
  | "minus"
  | "hourglass"
  | "cross"
  | "pencil"
  | "bin"
  | "switch"
  | "pointer"
  | "shield"
  | "unknown";

interface StatusWords {
  readonly word: string;
  readonly glyph: GlyphName;
  readonly tone: Tone;
  /** For whoever meets the word for the first time. */
  readonly meaning: string;
}

export const statusWords: Readonly<Record<Status, StatusWords>> = {
  scheduled: { word: "Scheduled", glyph: "clock", tone: "waiting", meaning: "To be sent later." },
  queued: { word: "Queued", glyph: "dots", tone: "waiting", meaning: "Waiting at the provider." },
  accepted: { word: "Accepted", glyph: "ring", tone: "waiting", meaning: "Taken over by the provider." },
  sent: { word: "Sent", glyph: "tick", tone: "sent", meaning: "On its way to the recipient." },
  delivered: { word: "Delivered", glyph: "ticks", tone: "delivered", meaning: "On the recipient’s device." },
  read: { word: "Read", glyph: "ticksFilled", tone: "read", meaning: "Opened by the recipient." },
  played: { word: "Played", glyph: "playFilled", tone: "read", meaning: "Listened to by the recipient." },
  unconfirmed: {
    word: "Unconfirmed",
    glyph: "question",
    tone: "unsure",
    meaning: "The provider expects no report any more; one may still correct this.",
  },
  not_sent: { word: "Not sent", glyph: "slash", tone: "failed", meaning: "Never attempted." },
  canceled: { word: "Canceled", glyph: "minus", tone: "failed", meaning: "Called back before it was sent." },
  expired: { word: "Expired", glyph: "hourglass", tone: "failed", meaning: "Not delivered within its time." },
  failed: { word: "Failed", glyph: "cross", tone: "failed", meaning: "It will not arrive." },
  recipient_corrected: {
    word: "Recipient corrected",
    glyph: "pencil",
    tone: "note",
    meaning: "The provider reached the person at another address.",
  },
  deleted: { word: "Deleted", glyph: "bin", tone: "note", meaning: "Removed after sending." },
  channel_switched: {
    word: "Channel switched",
    glyph: "switch",
    tone: "note",
    meaning: "The provider tries another channel.",
  },
  clicked: { word: "Clicked", glyph: "pointer", tone: "note", meaning: "A link or button was used." },
  verified: {
    word: "Verified",
    glyph: "shield",
    tone: "note",
    meaning: "The provider checked the recipient.",
  },
  unknown: {
    word: "Unknown",
    glyph: "unknown",
    tone: "note",
    meaning: "A word that the provider newly uses.",
  },
};

/** In the order in which a person looks for them. */
export const statusChoices: readonly Status[] = [
  "failed",
  "expired",
  "canceled",
  "not_sent",
  "unconfirmed",
  "read",
  "played",
  "delivered",
  "sent",
  "accepted",
  "queued",
  "scheduled",
  "deleted",
  "unknown",
];

/** The line that every message walks; what else a provider reports is shown where it occurs. */
export const mainLine = ["sent", "delivered", "read"] as const satisfies readonly Status[];

const line: readonly Status[] = ["scheduled", "queued", "accepted", "sent", "delivered", "read", "played"];

/** How far along the line a status is; -1 for failures and notes. */
export function progressOf(status: Status): number {
  return line.indexOf(status);
}

/** Any failure, the soft one included. */
export function showsFailure(status: Status): boolean {
  const { tone } = statusWords[status];
  return tone === "failed" || tone === "unsure";
}

export function wordOf(status: Status): string {
  return statusWords[status].word;
}
