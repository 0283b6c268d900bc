import { describe, expect, it } from "vitest";
import * as limits from "../../../src/model/limits.ts";
import { memberAt, parseJson, parseJsonText, parseParameters, wordAt } from "../../../src/providers/body.ts";
import type { Webhook } from "../../../src/providers/provider.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const webhook = (method: Webhook["method"], body: string, query = ""): Webhook => ({
  method,
  url: `https://tickline.example/in/a-source${query}`,
  headers: new Map(),
  body: utf8(body),
});

describe("a JSON body", () => {
  it("may begin with a byte order mark", () => {
    expect(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8('{"a":1}')]))).toEqual({
      ok: true,
      value: { a: 1 },
    });
  });

  it("is refused if it is not UTF-8, though its brackets match", () => {
    expect(parseJson(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))).toMatchObject({
      ok: false,
      failure: [{ path: "", message: "must be UTF-8" }],
    });
  });

  it("is read down to the last allowed level, and refused one level below", () => {
    expect(parseJsonText(nested(limits.jsonDepthMax)).ok).toBe(true);
    expect(parseJsonText(nested(limits.jsonDepthMax + 1)).ok).toBe(false);
  });

  it("keeps a key called __proto__ as a key", () => {
    const parsed = parseJsonText('{"__proto__":{"id":"x"}}');
    expect(parsed.ok && Object.keys(parsed.value ?? {})).toEqual(["__proto__"]);
  });
});

describe("parameters", () => {
  it("are the form of a POST", () => {
    expect(parseParameters(webhook("POST", "To=%2B15551234567&Text=a+b", "?ignored=1"))).toEqual({
      ok: true,
      value: { To: "+15551234567", Text: "a b" },
    });
  });

  it("are the query of a GET", () => {
    expect(parseParameters(webhook("GET", "", "?status=delivered&id=1"))).toEqual({
      ok: true,
      value: { status: "delivered", id: "1" },
    });
  });

  it("may be called __proto__", () => {
    const parsed = parseParameters(webhook("POST", "__proto__=x"));
    expect(parsed.ok && Object.keys(parsed.value)).toEqual(["__proto__"]);
  });
});

describe("a member", () => {
  it("is found inside the objects that are there, and only in them", () => {
    const value = { a: { b: "word", c: [1] } };
    expect(memberAt(value, "a", "b")).toBe("word");
    expect(memberAt(value, "a", "missing", "b")).toBeNull();
    expect(memberAt(value, "a", "constructor")).toBeNull();
    expect(memberAt([value], "0")).toBeNull();
    expect(wordAt(value, "a", "c")).toBeNull();
    expect(wordAt({ event: "" }, "event")).toBeNull();
  });
});
