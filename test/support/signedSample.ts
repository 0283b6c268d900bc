/** What the samples of signed webhooks share. */
import { createHash, createHmac } from "node:crypto";
import type { Webhook } from "../../src/providers/provider.ts";
import type { AuthEntry } from "../../src/providers/scheme.ts";

export interface Signed {
  readonly name: string;
  readonly provider: string;
  readonly entry: AuthEntry;
  readonly webhook: Webhook;
  /** When it was signed. */
  readonly signedAtMs: number;
  /** How long before and after that it holds; null for a scheme that signs no time. */
  readonly holdsSeconds: readonly [before: number, after: number] | null;
  /** The headers that the scheme reads. */
  readonly headers: readonly string[];
  /** What of the webhook the scheme covers, beside its headers. */
  readonly covers: readonly ("body" | "url")[];
  /** What the vendor's library says; null where there is none. */
  readonly vendorAccepts: ((webhook: Webhook) => Promise<boolean> | boolean) | null;
}

export const secret = "a-secret-that-only-the-vendor-has";
/** The vendors' libraries have clocks of their own. */
export const signedAtMs = Math.floor(Date.now() / 1_000) * 1_000;
export const seconds = String(signedAtMs / 1_000);
export const publicUrl = "https://tickline.example/in/a-source";
export const json = JSON.stringify({ id: "a-message", status: "delivered", text: "grüße" });
export const form = "MessageSid=SM1&MessageStatus=delivered&To=%2B15551234567&Text=gr%C3%BC%C3%9Fe";

export function timeless(name: string, provider: string, entry: AuthEntry, webhook: Webhook): Signed {
  const headers = [...webhook.headers.keys()];
  return {
    name,
    provider,
    entry,
    webhook,
    signedAtMs,
    holdsSeconds: null,
    headers,
    covers: ["body", "url"],
    vendorAccepts: null,
  };
}

export function post(body: string, headers: Record<string, string>): Webhook {
  return {
    method: "POST",
    url: publicUrl,
    headers: new Map(Object.entries(headers)),
    body: new TextEncoder().encode(body),
  };
}

export function textOf(webhook: Webhook): string {
  return new TextDecoder().decode(webhook.body);
}

export function hmac(text: string, encoding: "hex" | "base64"): string {
  return createHmac("sha256", secret).update(text).digest(encoding);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
