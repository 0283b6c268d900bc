/** Lines for a shell that do what the provider would do. What is not known any more stays as `…` to be filled in. */
import type { AuthEntry } from "./authEntry.ts";
import { proofOf } from "./proofs.ts";
import { mask, quote } from "./quoting.ts";
import { sampleOf } from "./samples.ts";

export interface Curl {
  /** Null: no shell can do it. */
  readonly lines: string | null;
  /** What is missing before it works, or what to do instead; null for nothing. */
  readonly note: string | null;
}

export function curlFor(provider: string, url: string, auth: readonly AuthEntry[], now = new Date()): Curl {
  const sample = sampleOf(provider, `try-${now.getTime().toString(36)}`, now);
  const proofs = auth.map((entry) => proofOf(provider, entry));
  if (sample === null || proofs.includes(null)) return { lines: null, note: onlyTheProvider };
  const { as, fields } = sample;
  const form = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const called = as === "query" ? `${url}?${form.toString()}` : url;
  const body = as === "json" ? JSON.stringify(fields) : form.toString();
  const before = proofs.flatMap((proof) => proof?.before?.(form) ?? []);
  // A signature is made of the very bytes that are sent, so these stand in one place.
  const isSigned = before.length > 0;
  const content = as === "json" ? "application/json" : "application/x-www-form-urlencoded";
  const sent = [`-H 'Content-Type: ${content}'`, `--data-binary ${isSigned ? '"$body"' : quote(body)}`];
  const command = [
    `curl -i ${isSigned ? '"$url"' : quote(called)}`,
    ...proofs.flatMap((proof) => proof?.options ?? []),
    ...(as === "query" ? [] : sent),
  ].join(" \\\n  ");
  const values = [`url=${quote(called)}`, ...(as === "query" ? [] : [`body=${quote(body)}`])];
  const lines = [...(isSigned ? [...values, ...before] : []), command].join("\n");
  return {
    lines,
    note: lines.includes(mask)
      ? "Put the secret where … stands: the provider’s, or the one that was shown when it was made."
      : null,
  };
}

const onlyTheProvider =
  "Only the provider itself can sign its webhooks. Send a message through the account: its status arrives here.";
