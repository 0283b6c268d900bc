/**
 * How a shell proves that a webhook comes from the provider: a header, or a signature that openssl makes over `$url` and
 * `$body`. Null where only the provider can, since only it has the private key.
 */
import type { AuthEntry } from "./authEntry.ts";
import { mask, quote } from "./quoting.ts";

interface Proof {
  /** What the shell has to work out first, of the fields of a form or query. */
  readonly before?: (fields: URLSearchParams) => string[];
  readonly options: readonly string[];
}

export function proofOf(provider: string, entry: AuthEntry): Proof | null {
  const { type } = entry;
  const make = proofs[type] ?? (type === "signature" || type === "jwt" ? vendorProofs[provider] : undefined);
  return make?.(entry) ?? null;
}

type MakeProof = (entry: AuthEntry) => Proof;

const proofs: Readonly<Record<string, MakeProof>> = {
  header: (entry) => ({ options: [`-H ${quote(`${textOf(entry, "name")}: ${textOf(entry, "value")}`)}`] }),
  basic: (entry) => ({
    options: [`-u ${quote(`${textOf(entry, "username")}:${textOf(entry, "password")}`)}`],
  }),
  urlToken: () => ({ options: [] }),
  hmac: (entry) => {
    const prefix = textOf(entry, "prefix", entry["header"] === undefined ? "sha256=" : "");
    const signed = entry["encoding"] === "base64" ? signature(entry) : hexSignature(entry);
    return {
      before: () => [`signature=$(printf %s "$body" | ${signed})`],
      options: [`-H "${textOf(entry, "header", "X-Hub-Signature-256")}: ${prefix}$signature"`],
    };
  },
};

/** As in the `signature.ts` of each provider, which the tests hold them against. */
const vendorProofs: Readonly<Record<string, MakeProof>> = {
  twilio: (entry) => ({
    before: (fields) => [
      `signature=$(printf %s "$url"${quote(pairsOf(fields))} | ${signature(entry, "sha1")})`,
    ],
    options: ['-H "X-Twilio-Signature: $signature"'],
  }),
  plivo: (entry) => ({
    before: (fields) => [
      "nonce=$(date +%s)",
      `signature=$(printf %s "$url"${quote(`?${pairsOf(fields)}`)}".$nonce" | ${signature(entry)})`,
    ],
    options: ['-H "X-Plivo-Signature-V3: $signature"', '-H "X-Plivo-Signature-V3-Nonce: $nonce"'],
  }),
  sinch: (entry) => ({
    before: () => ["now=$(date +%s)", `signature=$(printf %s "$body.try.$now" | ${signature(entry)})`],
    options: [
      '-H "x-sinch-webhook-signature: $signature"',
      "-H 'x-sinch-webhook-signature-nonce: try'",
      '-H "x-sinch-webhook-signature-timestamp: $now"',
      "-H 'x-sinch-webhook-signature-algorithm: HmacSHA256'",
    ],
  }),
  bird: (entry) => ({
    before: () => [
      "now=$(date +%s)",
      `signature=$({ printf '%s\\n%s\\n' "$now" "$url"; printf %s "$body" | openssl dgst -sha256 -binary; } | ${signature(entry)})`,
    ],
    options: ['-H "messagebird-signature: $signature"', '-H "messagebird-request-timestamp: $now"'],
  }),
  vonage: (entry) => ({
    before: () => tokenOf(entry, `'{"iat":%s,"payload_hash":"%s"}' "$now" "$(printf %s "$body" | sha)"`),
    options: ['-H "Authorization: Bearer $token"'],
  }),
  messagebird: (entry) => ({
    before: () =>
      tokenOf(
        entry,
        `'{"iss":"MessageBird","nbf":%s,"exp":%s,"jti":"try","url_hash":"%s"}' "$now" "$((now + 60))" "$(printf %s "$url" | sha)"`,
      ),
    options: ['-H "MessageBird-Signature-JWT: $token"'],
  }),
};

/** A token with these claims, of which `printf` makes JSON. */
function tokenOf(entry: AuthEntry, claims: string): string[] {
  return [
    "now=$(date +%s)",
    "sha() { openssl dgst -sha256 -r | cut -d' ' -f1; }",
    "url64() { tr '+/' '-_' | tr -d '='; }",
    `head=$(printf %s '{"alg":"HS256","typ":"JWT"}' | openssl base64 -A | url64)`,
    `claims=$(printf ${claims} | openssl base64 -A | url64)`,
    `token="$head.$claims.$(printf %s "$head.$claims" | ${signature(entry)} | url64)"`,
  ];
}

/** In base64, of what is piped in. */
function signature(entry: AuthEntry, hash: "sha1" | "sha256" = "sha256"): string {
  return `openssl dgst -${hash} -hmac ${quote(textOf(entry, "secret"))} -binary | openssl base64 -A`;
}

function hexSignature(entry: AuthEntry): string {
  return `openssl dgst -sha256 -hmac ${quote(textOf(entry, "secret"))} -r | cut -d' ' -f1`;
}

/** Names and values without anything between, sorted. */
function pairsOf(fields: URLSearchParams): string {
  return [...fields]
    .map(([name, value]) => `${name}${value}`)
    .toSorted()
    .join("");
}

function textOf(entry: AuthEntry, name: string, fallback = mask): string {
  const value = entry[name];
  return typeof value === "string" ? value : fallback;
}
