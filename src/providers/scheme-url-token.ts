/** The `urlToken` scheme: an unguessable last step of the address, for providers that can prove nothing else. */
import * as z from "zod/mini";
import { sameSecret } from "../secrets/compare.ts";
import type { AuthScheme } from "./scheme.ts";

const completeSchema = z.strictObject({
  type: z.literal("urlToken"),
  /** Letters that no proxy and no provider rewrites in a path. */
  token: z.string().check(z.maxLength(200), z.regex(/^[A-Za-z0-9_-]+$/, "must be letters, digits, - and _")),
});

export const urlTokenScheme: AuthScheme = {
  entry: z.strictObject({ ...completeSchema.shape, token: z.exactOptional(completeSchema.shape.token) }),
  secrets: ["token"],
  generated: true,
  verify: async (webhook, entry) => {
    const expected = completeSchema.safeParse(entry);
    if (!expected.success) return "refused";
    return (await sameSecret(presentedUrlToken(webhook.url) ?? "", expected.data.token))
      ? "verified"
      : "refused";
  },
};

/** The last of `/in/{source}/{token}`; null where the address ends with the source. */
export function presentedUrlToken(url: string): string | null {
  return /^\/in\/[^/]+\/([^/]+)$/.exec(new URL(url).pathname)?.[1] ?? null;
}
