/** The `basic` scheme: user name and password as RFC 7617 sends them. */
import * as z from "zod/mini";
import { sameSecret } from "../secrets/compare.ts";
import type { AuthScheme } from "./scheme.ts";

const completeSchema = z.strictObject({
  type: z.literal("basic"),
  /** A colon would end it early. */
  username: z._default(
    z.string().check(z.minLength(1), z.maxLength(255), z.regex(/^[^:\p{Cc}]+$/u, "must not contain a colon")),
    "tickline",
  ),
  password: z
    .string()
    .check(z.minLength(1), z.maxLength(1_024), z.regex(/^\P{Cc}+$/u, "must not contain control characters")),
});

export const basicScheme: AuthScheme = {
  entry: z.strictObject({
    ...completeSchema.shape,
    password: z.exactOptional(completeSchema.shape.password),
  }),
  secrets: ["password"],
  generated: true,
  verify: async (webhook, entry) => {
    const expected = completeSchema.safeParse(entry);
    if (!expected.success) return "refused";
    const presented = presentedPair(webhook.headers.get("authorization") ?? "");
    const { username, password } = expected.data;
    return (await sameSecret(presented, `${username}:${password}`)) ? "verified" : "refused";
  },
};

/** "" for everything that is no Basic credential; it equals no pair, since a pair has a colon. */
function presentedPair(header: string): string {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1] ?? "";
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.fromBase64(encoded));
  } catch {
    return "";
  }
}
