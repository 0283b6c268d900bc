import { expect, test } from "vitest";
import { allowsOrigin, mayGoOn, readOffer } from "../../../src/feed/admission.ts";
import { anyone } from "../../support/feedModel.ts";

const own = ["https://tickline.example/v1/stream?x=1", "https://tickline.example"];
const listed = "https://app.example, https://shop.example:8443/,";

test.each([
  [null, true],
  ["https://tickline.example", true],
  ["https://app.example", true],
  ["https://shop.example:8443", true],
  ["https://shop.example", false],
  ["http://app.example", false],
  ["https://app.example.evil.example", false],
  ["https://sub.app.example", false],
  ["null", false],
  ["", false],
])("a page of %s may open a stream: %s", (origin, allowed) => {
  expect(allowsOrigin(origin, own, listed)).toBe(allowed);
});

test("without a list only our own pages may, and an address that is none allows nobody", () => {
  expect(allowsOrigin("https://app.example", own, "")).toBe(false);
  expect(allowsOrigin("null", ["", "not an address"], "null")).toBe(false);
});

test("an offer is read whatever its case and spaces", () => {
  const headers = new Headers({
    Upgrade: "WebSocket",
    "Sec-WebSocket-Protocol": " tickline.v1 ,bearer.a.b,,chat",
  });
  expect(readOffer(headers)).toEqual({ isUpgrade: true, speaksOurs: true, tokens: ["a.b"], origin: null });
  expect(readOffer(new Headers())).toEqual({
    isUpgrade: false,
    speaksOurs: false,
    tokens: [],
    origin: null,
  });
});

test("a socket goes on while it sees no more than its key", () => {
  const key = { scopes: ["feed:read"], sources: ["one", "two"] } as const;
  const narrow = { ...anyone, sources: ["one"] };
  expect(mayGoOn(narrow, key)).toBe(true);
  expect(mayGoOn(narrow, { ...key, sources: null })).toBe(true);
  expect(mayGoOn(narrow, null)).toBe(false);
  expect(mayGoOn(narrow, { ...key, scopes: ["messages:read"] })).toBe(false);
  expect(mayGoOn({ ...narrow, sources: null }, key)).toBe(false);
  expect(mayGoOn({ ...narrow, sources: ["one", "three"] }, key)).toBe(false);
});
