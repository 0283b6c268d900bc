/** The line to try a source with: its body is one that the provider's own reader takes. */
import { expect, test } from "vitest";
import { curlFor } from "../../../src/dashboard/sources/curl.ts";
import { sampleOf } from "../../../src/dashboard/sources/samples.ts";
import { providers } from "../../../src/providers/index.ts";

const now = new Date("2026-11-22T10:00:00.000Z");

test.each(providers.map((provider) => provider.name))("the sample of %s is read as a delivery", (name) => {
  const sample = sampleOf(name, "try-1", now);
  // A provider without a sample says so instead of showing a line that fails.
  if (sample === null) {
    expect(curlFor(name, "https://x.example/in/a", []).note).not.toBeNull();
    return;
  }
  const provider = providers.find((one) => one.name === name);
  const reading = provider?.read({
    method: "POST",
    url: "https://x.example/in/a",
    headers: new Map([["content-type", "application/json"]]),
    body: new TextEncoder().encode(JSON.stringify(sample)),
  });
  expect(reading).toMatchObject({
    kind: "updates",
    bad: [],
    updates: [{ messageId: "try-1", status: "delivered" }],
  });
});

test("a header's secret stands in the line; one that is not known any more is named", () => {
  const known = curlFor(
    "nifteem",
    "https://x.example/in/a",
    [{ type: "header", name: "X-API-Key", value: "it's" }],
    now,
  );
  expect(known.line).toContain(String.raw`-H 'X-API-Key: it'\''s'`);
  expect(known.note).toBeNull();
  const masked = curlFor(
    "nifteem",
    "https://x.example/in/a",
    [{ type: "header", name: "X-API-Key", value: "…" }],
    now,
  );
  expect(masked.note).toContain("Put the secret");
});

test("a signature is made by the shell over the very bytes that are sent", () => {
  const auth = [{ type: "hmac", header: "X-Signature", encoding: "hex", prefix: "sha256=", secret: "s" }];
  const { line } = curlFor("meta", "https://x.example/in/a", auth, now);
  expect(line).toContain("openssl dgst -sha256 -hmac 's'");
  expect(line).toContain('-H "X-Signature: sha256=$signature"');
  expect(line).toContain('--data-binary "$body"');
});
