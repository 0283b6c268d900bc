/** The lines to try a source with do what the provider would do: run by a shell, they prove themselves and are read. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { curlFor } from "../../../src/dashboard/sources/curl.ts";
import { providers } from "../../../src/providers/index.ts";
import type { Provider, Webhook } from "../../../src/providers/provider.ts";
import type { AuthEntry } from "../../../src/providers/scheme.ts";
import { findScheme } from "../../../src/providers/schemes.ts";
import { complete } from "../../../src/sources/auth.ts";

const url = "https://x.example/in/a";
const odd = `it's a "secret" $HOME`;

test.each(providers.map((provider) => [provider.name, provider] as const))(
  "the lines of %s send a webhook that lets itself in and is read as delivered",
  async (name, provider) => {
    const auth = credentials(provider);
    const { lines, note } = curlFor(name, url, auth);
    if (name === "telnyx") {
      expect(lines).toBeNull();
      expect(note).toContain("Only the provider itself can sign");
      return;
    }
    expect(note).toBeNull();
    const webhook = sentBy(lines ?? "");
    for (const entry of auth) {
      if (entry.type === "urlToken") continue;
      const verdict = await findScheme(provider, entry.type)?.verify(webhook, entry, Date.now());
      expect(verdict).toBe("verified");
    }
    const reading = provider.read(webhook);
    expect(reading).toMatchObject({ kind: "updates", bad: [], updates: [{ status: "delivered" }] });
  },
);

test("what is not known any more is named", () => {
  const { lines, note } = curlFor("nifteem", url, [{ type: "header", name: "X-API-Key", value: "…" }]);
  expect(lines).toContain("X-API-Key: …");
  expect(note).toContain("Put the secret");
});

test.each([
  { type: "hmac", header: "X-Signature", encoding: "hex", secret: odd },
  { type: "hmac", header: "X-Signature", encoding: "base64", prefix: "v1=", secret: odd },
  { type: "basic", username: "us-er", password: odd },
])("a source that asks for $type ($encoding) gets it", async (entry) => {
  const webhook = sentBy(curlFor("infobip", url, [entry]).lines ?? "");
  expect(await findScheme({}, entry.type)?.verify(webhook, entry, Date.now())).toBe("verified");
});

/** As a source would have them, with secrets that are hard to quote. */
function credentials(provider: Provider): readonly AuthEntry[] {
  const { publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
  const entries = provider.defaultAuth.map((entry) => {
    const issued = findScheme(provider, entry.type)?.secrets.filter((name) => name !== "verifyToken") ?? [];
    const known = issued.map((name): [string, string] => [name, name === "publicKey" ? raw : odd]);
    return { ...entry, ...(entry.type === "urlToken" ? {} : Object.fromEntries(known)) };
  });
  const completed = complete(provider, entries, () => odd);
  if (!completed.ok) throw new Error(JSON.stringify(completed.failure));
  return completed.value.entries;
}

/** What curl would be called with, as the webhook that it would send. */
function sentBy(lines: string): Webhook {
  const said = execFileSync("bash", ["-euo", "pipefail", "-c", `curl() { printf '%s\\0' "$@"; }\n${lines}`]);
  const [include, called = "", ...options] = said.toString("utf8").split("\0").slice(0, -1);
  expect(include).toBe("-i");
  const headers = new Map<string, string>();
  let body: string | null = null;
  for (let index = 0; index < options.length; index += 2) {
    const [option, value = ""] = options.slice(index, index + 2);
    const [, header = "", content = ""] = /^([^:]+): (.*)$/s.exec(value) ?? [];
    if (option === "-H") headers.set(header.toLowerCase(), content);
    else if (option === "-u") headers.set("authorization", `Basic ${btoa(value)}`);
    else if (option === "--data-binary") body = value;
    else throw new Error(`an option that is not known here: ${option}`);
  }
  const method = body === null ? "GET" : "POST";
  return { method, url: called, headers, body: new TextEncoder().encode(body ?? "") };
}
