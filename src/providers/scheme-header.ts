/** The `header` scheme: a header that must carry exactly the agreed value. */
import * as z from "zod/mini";
import { sameSecret } from "../secrets/compare.ts";
import type { AuthScheme } from "./scheme.ts";

/** The characters of a header's name (RFC 9110 token). */
export const headerNameSchema = z.string().check(
  z.maxLength(100),
  z.regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be the name of a header"),
  z.refine(
    (name) => !carriedAway.has(name.toLowerCase()),
    "is a header that does not reach us as it was sent",
  ),
);

/** Visible ASCII with inner spaces: what arrives as it was sent, whatever lies between. */
const valueSchema = z
  .string()
  .check(
    z.maxLength(4_096),
    z.regex(
      /^[\u0021-\u007e]([\u0020-\u007e]*[\u0021-\u007e])?$/,
      "must be visible ASCII, not empty, without spaces around",
    ),
  );

/** Set, changed or removed by the network in between, so they prove nothing. */
const carriedAway = new Set([
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const completeSchema = z.strictObject({
  type: z.literal("header"),
  name: headerNameSchema,
  value: valueSchema,
});

export const headerScheme: AuthScheme = {
  entry: z.strictObject({ ...completeSchema.shape, value: z.exactOptional(valueSchema) }),
  secrets: ["value"],
  generated: true,
  verify: async (webhook, entry) => {
    const expected = completeSchema.safeParse(entry);
    if (!expected.success) return "refused";
    // A header sent twice arrives as both values joined, which equals neither.
    const presented = webhook.headers.get(expected.data.name.toLowerCase()) ?? "";
    return (await sameSecret(presented, expected.data.value)) ? "verified" : "refused";
  },
};
