/**
 * The port for authentication at the edge: one entry is one thing that must hold before a webhook is trusted.
 *
 * Everything is judged over the raw bytes, in constant time, and a scheme that does not know what to do refuses.
 */
import type * as z from "zod/mini";
import type { JsonObject } from "../model/json.ts";
import type { Webhook } from "./provider.ts";

/** Settings and secrets of one entry, in clear. `type` names its scheme. */
export type AuthEntry = { readonly type: string } & Readonly<JsonObject>;

/** `unsigned`: the provider did not even try to sign, and wants to be asked again (Vonage); answered 503. */
export type Verdict = "verified" | "refused" | "unsigned";

export interface AuthScheme {
  /** Checks an entry as its owner gives it. Members named in `secrets` may be left out if `generate` makes them. */
  readonly entry: z.ZodMiniType<AuthEntry>;
  /** The secret members: sealed at rest, shown once, never logged. */
  readonly secrets: readonly string[];
  /** Whether we may make up the secrets that were left out (false: only the vendor can issue them). */
  readonly generated: boolean;
  readonly verify: (webhook: Webhook, entry: AuthEntry, nowMs: number) => Promise<Verdict>;
}
