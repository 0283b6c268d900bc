/** What the service says of itself, to subscriptions that ask for it by `types`. */
import * as z from "zod/mini";
import { operationalEventTypes, timeSchema } from "./event.ts";

export const operationalEventSchema = z.strictObject({
  /** Made of what it speaks of, never of chance, so that saying it twice is saying it once. */
  id: z.string(),
  type: z.enum(operationalEventTypes),
  occurredAt: timeSchema,
  /** The source it speaks of; null for none. */
  source: z.nullable(z.string()),
  /** The subscription it speaks of; null for none. */
  subscription: z.nullable(z.string()),
  detail: z.string(),
});

export type OperationalEvent = z.infer<typeof operationalEventSchema>;

/** `subject` tells this occasion from others of its type: a source with an hour, a subscription with a version. */
export async function operationalEventId(type: OperationalEvent["type"], subject: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(JSON.stringify([type, subject])),
  );
  return `evt_${new Uint8Array(digest).slice(0, 16).toHex()}`;
}
