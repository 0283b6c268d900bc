/** Addresses that subscriptions may ask for: none of them leads to a place that is not public. */
import * as fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import { publicAddress } from "../../src/ingest/address.ts";
import { presentedUrlToken } from "../../src/providers/scheme-url-token.ts";
import { judgeTarget, readTargetPolicy } from "../../src/subscriptions/attempts/target.ts";
import { fuzzing, share, timed } from "../support/fuzz.ts";
import { oddText } from "../support/fuzzBodies.ts";

const targets = share(6);
const address = fc.oneof(
  fc.ipV4(),
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.ipV6().map((text) => `[${text}]`),
  fc.constantFrom(
    "127.0.0.1",
    "0",
    "2130706433",
    "0x7f.1",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "169.254.169.254",
    "[64:ff9b::a00:1]",
  ),
);
const host = fc.oneof(
  address,
  fc.domain(),
  fc.constantFrom(
    "localhost",
    "localhost.",
    "a.internal",
    "ours.example",
    "OURS.EXAMPLE",
    "ours.example.",
    "1。1。1。1",
    "ⓔxample.com",
  ),
  oddText,
);
const url = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("https://", "http://", "HTTPS://", "ftp://", "file:", "//", "https:/\\", "javascript:"),
      fc.constantFrom("", "u:p@", "@", "a@b@"),
      host,
      fc.constantFrom("", ":443", ":0", ":99999", ":8787", ":"),
      fc.oneof(fc.constantFrom("", "/", "/in/x", "?a#b"), oddText),
    )
    .map((parts) => parts.join("")),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  oddText,
);
const looked = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("127.0.0.1", "::1", "nonsense", "")), {
  maxLength: 4,
});

test(`${targets} addresses are called only where every answer of the resolver is public`, async () => {
  const policy = readTargetPolicy({
    ALLOWED_TARGETS: "listed.example:8080",
    PUBLIC_URL: "https://ours.example",
  });
  await fc.assert(
    fc.asyncProperty(url, looked, oddText, async (text, addresses, settings) => {
      await timed(async () => {
        publicAddressOf(text);
        readTargetPolicy({ ALLOWED_TARGETS: settings, PUBLIC_URL: settings });
        const verdict = await judgeTarget(text, policy, async () => addresses);
        if (verdict.kind !== "callable") return;
        const parsed = new URL(text);
        if (parsed.host === "listed.example:8080") return;
        expect(parsed.protocol).toBe("https:");
        expect(parsed.hostname).not.toMatch(/^ours\.example\.?$|^\[|^[\d.]+$|(^|\.)localhost$/);
        expect(`${parsed.username}${parsed.password}`).toBe("");
        expect(addresses.length).toBeGreaterThan(0);
        for (const one of addresses) expect(ipaddr.process(one).range()).toBe("unicast");
      });
    }),
    fuzzing(targets),
  );
});

/** Only what the platform hands over as a request's address. */
function publicAddressOf(text: string): void {
  const called = URL.parse(text, "https://called.example/in/a/");
  if (called === null) return;
  expect(() => publicAddress("https://ours.example", called.href)).not.toThrow();
  expect(() => presentedUrlToken(called.href)).not.toThrow();
}
