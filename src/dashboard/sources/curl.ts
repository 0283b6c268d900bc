/** A line for a shell that does what the provider would do. What is not known any more stays as `…` to be filled in. */
import type { AuthEntry } from "./authEntry.ts";
import { sampleOf } from "./samples.ts";

export interface Curl {
  readonly line: string;
  /** What is missing before it works; null for nothing. */
  readonly note: string | null;
}

const mask = "…";

export function curlFor(provider: string, url: string, auth: readonly AuthEntry[], now = new Date()): Curl {
  const body = sampleOf(provider, `try-${now.getTime().toString(36)}`, now);
  if (body === null) {
    return {
      line: `curl -i ${quote(url)}`,
      note: "Use the provider’s own console to send a test: its body is not known here.",
    };
  }
  const foreign = auth.find(({ type }) => !(type in proofs));
  const before = auth.flatMap((entry) => proofs[entry.type]?.before?.(entry) ?? []);
  const options = auth.flatMap((entry) => proofs[entry.type]?.options(entry) ?? []);
  const text = JSON.stringify(body);
  const isSigned = before.length > 0;
  const command = [
    `curl -i ${quote(url)}`,
    `-H 'Content-Type: application/json'`,
    ...options,
    isSigned ? '--data-binary "$body"' : `--data-binary ${quote(text)}`,
  ].join(" \\\n  ");
  const line = [...(isSigned ? [`body=${quote(text)}`] : []), ...before, command].join("\n");
  const isIncomplete = line.includes(mask);
  const missing = isIncomplete ? "Put the secret where … stands; it was shown when it was made." : null;
  return {
    line,
    note:
      foreign === undefined ? missing : "This provider signs in its own way, so this line alone is refused.",
  };
}

interface Proof {
  /** What the shell has to work out first. */
  readonly before?: (entry: AuthEntry) => string[];
  readonly options: (entry: AuthEntry) => string[];
}

const proofs: Readonly<Record<string, Proof>> = {
  header: { options: (entry) => [`-H ${quote(`${textOf(entry, "name")}: ${textOf(entry, "value")}`)}`] },
  basic: { options: (entry) => [`-u ${quote(`${textOf(entry, "username")}:${textOf(entry, "password")}`)}`] },
  urlToken: { options: () => [] },
  hmac: {
    before: (entry) => [
      `signature=$(printf %s "$body" | openssl dgst -sha256 -hmac ${quote(textOf(entry, "secret"))} -binary | ${
        entry["encoding"] === "base64" ? "base64 -w0" : "xxd -p -c 64"
      })`,
    ],
    options: (entry) => [
      `-H "${textOf(entry, "header", "X-Hub-Signature-256")}: ${textOf(entry, "prefix", entry["header"] === undefined ? "sha256=" : "")}$signature"`,
    ],
  },
};

function textOf(entry: AuthEntry, name: string, fallback = mask): string {
  const value = entry[name];
  return typeof value === "string" ? value : fallback;
}

/** For a shell: nothing inside single quotes has a meaning. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
