/** Why a message failed, in our words and the provider's. Source: API.md 5.3. */
import * as z from "zod/mini";

export const reasonKinds = [
  "recipient",
  "optOut",
  "policy",
  "window",
  "template",
  "media",
  "rate",
  "billing",
  "channel",
  "expired",
  "unknown",
] as const;

export const reasonSchema = z.strictObject({
  kind: z.enum(reasonKinds),
  /** The provider's own code, as text. */
  code: z.nullable(z.string()),
  text: z.nullable(z.string()),
  /** Whether trying again can't help; null where the provider does not say. */
  permanent: z.nullable(z.boolean()),
});

export type ReasonKind = (typeof reasonKinds)[number];
export type Reason = z.infer<typeof reasonSchema>;
