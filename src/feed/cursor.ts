/** A place of the feed as clients hold it: the epoch of the log, and the count of the event. Opaque to them. */

/**
 * Place 0 stands before the first event the feed ever had, so it has no epoch: a cursor handed out while there was
 * none leads into whatever log begins later.
 */
const beforeTheFirst = "000000000000.0";
const form = /^([0-9a-f]{12})\.([0-9a-z]{1,11})$/;

/** Characters of an epoch, in hex. A log that had to begin anew has another one. */
export const epochCharacters = 12;

export interface FeedCursor {
  /** Null for place 0. */
  readonly epoch: string | null;
  readonly place: number;
}

export function writeFeedCursor(epoch: string | null, place: number): string {
  return epoch === null || place === 0 ? beforeTheFirst : `${epoch}.${place.toString(36)}`;
}

/** Null: not a cursor of any feed. */
export function readFeedCursor(text: string): FeedCursor | null {
  if (text === beforeTheFirst) return { epoch: null, place: 0 };
  const [, epoch, digits] = form.exec(text) ?? [];
  if (epoch === undefined || digits === undefined) return null;
  const place = Number.parseInt(digits, 36);
  return place > 0 && Number.isSafeInteger(place) ? { epoch, place } : null;
}
