/** Where things are found. */
import { encodePart } from "../words/path.ts";

export function messageHref(source: string, messageId: string): string {
  return `/messages/${encodePart(source)}/${encodePart(messageId)}`;
}

export function groupHref(source: string, group: string): string {
  return `/groups/${encodePart(source)}/${encodePart(group)}`;
}

export function subscriptionHref(id: string): string {
  return `/subscriptions/${encodePart(id)}`;
}

export function sourceHref(id: string): string {
  return `/sources/${encodePart(id)}`;
}

export function rejectedHref(id: string): string {
  return `/rejected/${encodePart(id)}`;
}
