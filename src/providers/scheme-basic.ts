/** The `basic` scheme: user name and password as RFC 7617 sends them. */
import * as z from "zod";
import { sameSecret } from "../secrets/compare.ts";
import type { AuthScheme } from "./scheme.ts";

const completeSchema = z.strictObject({
  type: z.literal("basic"),
  /** A colon would end it early. */
  username: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^:\p{Cc}]+$/u, "must not contain a colon")
    .default("tickline"),
  password: z
    .string()
    .min(1)
    .max(1_024)
    .regex(/^\P{Cc}+$/u, "must not contain control characters"),
});

export const basicScheme: AuthScheme = {
  entry: completeSchema.extend({ password: completeSchema.shape.password.exactOptional() }),
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
