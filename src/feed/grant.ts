/** What a stream token may be made for: never more than its maker has, never longer than an hour. */
import * as z from "zod/mini";
import { type Principal, seesSource } from "../model/access.ts";
import { filterSchema } from "../model/filter.ts";
import { invalid } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { utf8Bytes } from "../stream/protocol.ts";
import { grantBytes, messageReferenceSchema } from "../stream/socket.ts";
import type { TokenGrant } from "./token.ts";

export const tokenRequestSchema = z.strictObject({
  filter: z.optional(filterSchema),
  messages: z.optional(z.array(messageReferenceSchema).check(z.maxLength(limits.streamTokenMessagesMax))),
  ttlSeconds: z._default(
    z.int().check(z.minimum(1), z.maximum(limits.streamTokenSecondsMax)),
    limits.streamTokenSecondsDefault,
  ),
});

export function grantToken(
  maker: Principal,
  { filter = {}, messages = [], ttlSeconds }: z.infer<typeof tokenRequestSchema>,
  nowMs: number,
): Result<TokenGrant> {
  const foreign = messages.findIndex(({ source }) => !seesSource(maker, source));
  if (foreign !== -1) {
    return fail(invalid(`messages[${foreign}].source`, "is not a source that this key sees"));
  }
  const grant = { filter, messages: messages.length === 0 ? null : messages };
  if (grantBytes(grant) > limits.streamFiltersBytesMax) {
    return fail(invalid("filter", `is over ${limits.streamFiltersBytesMax} bytes, with the messages`));
  }
  if (!fitsSocket(maker.sources)) return fail(tooManySources);
  const expiresAtMs = Math.min(nowMs + ttlSeconds * 1000, maker.expiresAtMs ?? Infinity);
  return succeed({
    keyId: maker.keyId,
    secretId: maker.secretId,
    sources: maker.sources === null ? null : [...maker.sources],
    grant,
    expiresAtMs,
  });
}

/** A socket carries the list of its key's sources through hibernation, where room is short. */
export function fitsSocket(sources: readonly string[] | null): boolean {
  return utf8Bytes(JSON.stringify(sources)) <= limits.streamSourcesBytesMax;
}

export const tooManySources = {
  kind: "forbidden",
  detail: `The key is bound to too many sources for a stream: their list is over ${limits.streamSourcesBytesMax} bytes.`,
} as const;
