/** What is kept of a rejected webhook: enough to repair and replay it, and none of its credentials. */
import * as limits from "../../model/limits.ts";
import type { BadItem, Provider, Webhook } from "../../providers/provider.ts";
import type { AuthEntry } from "../../providers/scheme.ts";
import { findScheme } from "../../providers/schemes.ts";
import type { AuthSets } from "../admission.ts";

/** Names under which credentials and signatures travel, whatever the source's own entries say. */
const credentialName =
  /auth|cookie|(?<!idempotency-)token|secret|passw|signature|hmac|jwt|credential|api-?key/i;

type Schemes = Pick<Provider, "schemes">;

/**
 * Gone are headers that an auth entry names, headers whose name says credential, and every header that carries a
 * secret of the source. What is over the limit is left out, one header at a time.
 */
export function keptHeaders(
  headers: ReadonlyMap<string, string>,
  provider: Schemes,
  authSets: AuthSets,
): [string, string][] {
  const secrets = secretsOf(provider, authSets);
  // Which member of an entry is a header's name, only its scheme knows; a name that fits is enough.
  const named = new Set(
    authSets.flat().flatMap((entry) => textsOf(entry).map(([, text]) => text.toLowerCase())),
  );
  const kept: [string, string][] = [];
  let bytes = 0;
  for (const [name, value] of headers) {
    if (named.has(name) || credentialName.test(name) || carries(value, secrets)) continue;
    // Header values are Latin-1, so characters are bytes.
    if (bytes + name.length + value.length > limits.rejectedHeadersBytesMax) continue;
    bytes += name.length + value.length;
    kept.push([name, value]);
  }
  return kept;
}

/** The query of the webhook's address; values that are credentials are masked. The path, and its token, is not kept. */
export function keptQuery(url: string, provider: Schemes, authSets: AuthSets): string {
  const secrets = secretsOf(provider, authSets);
  const query = queryOf(url);
  if (query === "") return "";
  const parameters = query.slice(1).split("&");
  const masked = parameters.map((parameter) => {
    const [name = ""] = parameter.split("=", 1);
    const isCredential = credentialName.test(name) || carries(parameter, secrets);
    return isCredential ? `${name}=…` : parameter;
  });
  return `?${masked.join("&")}`;
}

/** What is over the limit is cut off. */
export function keptBody(body: Uint8Array): Uint8Array {
  return body.subarray(0, limits.rejectedBodyBytesMax);
}

/** The bad items alone, for a batch too long to be kept whole. Null for none, and for what does not fit. */
export function keptItems(bad: readonly BadItem[]): string | null {
  if (bad.length === 0) return null;
  try {
    const text = JSON.stringify(bad.map((item) => item.raw));
    return text.length > limits.rejectedBodyBytesMax ? null : text;
  } catch {
    // Nested too deeply for the serializer; the body has it all the same.
    return null;
  }
}

/** The same bytes at the same source have the same id; a GET says what it says in its query. */
export async function rejectedId(source: string, webhook: Webhook): Promise<string> {
  const query = webhook.method === "GET" ? queryOf(webhook.url) : "";
  const head = new TextEncoder().encode(`${source}\n${query}\n`);
  const bytes = new Uint8Array(head.byteLength + webhook.body.byteLength);
  bytes.set(head);
  bytes.set(webhook.body, head.byteLength);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `rej_${new Uint8Array(digest).slice(0, 16).toHex()}`;
}

/** With its question mark; empty for none. */
function queryOf(url: string): string {
  const start = url.indexOf("?");
  return start === -1 ? "" : url.slice(start);
}

/** All of an entry's texts are taken for secrets where nobody knows its scheme. */
function secretsOf(provider: Schemes, authSets: AuthSets): string[] {
  return authSets.flat().flatMap((entry) => {
    const scheme = findScheme(provider, entry.type);
    return textsOf(entry).flatMap(([member, text]) =>
      scheme === null || scheme.secrets.includes(member) ? [text] : [],
    );
  });
}

function textsOf(entry: AuthEntry): [member: string, text: string][] {
  return Object.entries(entry).flatMap(([member, value]): [string, string][] =>
    member !== "type" && typeof value === "string" && value !== "" ? [[member, value]] : [],
  );
}

function carries(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.includes(secret));
}
