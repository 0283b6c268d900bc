/**
 * Aliases that a provider binds: once it has named both ids, an update that carries the alias alone belongs to the
 * message. The alias's object then forwards; what it held before under its own name stays there.
 */
import * as z from "zod/mini";
import { identify } from "../model/identity.ts";
import * as limits from "../model/limits.ts";
import type { RecordRequest } from "../model/record.ts";
import { type Closing, closing } from "../stream/close.ts";

/** The message that an alias's object forwards to. */
export const targetSchema = z.object({ source: z.string(), messageId: z.string() });
export type Target = z.infer<typeof targetSchema>;

/** The request as it is for the message itself; its updates get the ids that they have there. */
export async function redirect(
  request: RecordRequest,
  { source, messageId }: Target,
): Promise<RecordRequest> {
  const updates = await Promise.all(
    request.updates.map(async (update) => {
      const aliases = [...new Set([...update.aliases, request.messageId])];
      const redirected = { ...update, messageId, aliases };
      return { ...redirected, eventId: await identify(source, redirected) };
    }),
  );
  return { source, provider: request.provider, messageId, updates, isForwarded: true };
}

/** Between our own objects only, so that no ring of aliases can turn for ever. */
const forwardedHeader = "Tickline-Forwarded";

export function cameForwarded(request: Request): boolean {
  return request.headers.has(forwardedHeader);
}

/** An upgrade on its way to the message itself. */
export function forwarded(request: Request): Request {
  return new Request(request, { headers: new Headers([...request.headers, [forwardedHeader, "true"]]) });
}

/** Whoever follows the alias comes back to the message, but not with a cursor that counts the alias's own events. */
export function closingOfBound(eventsTotal: number): Closing {
  const name = eventsTotal === 0 ? "shutdown" : "unknown";
  return closing(name, "the message goes by another id now");
}

/** Aliases of the request that are not bound yet, as far as a message may have any more. */
export function unboundAliases(request: RecordRequest, bound: readonly string[]): string[] {
  const unbound = new Set(request.boundAliases).difference(new Set([request.messageId, ...bound]));
  return [...unbound].slice(0, Math.max(0, limits.messageAliasesMax - bound.length));
}
