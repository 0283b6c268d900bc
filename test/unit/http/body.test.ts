import { expect, test } from "vitest";
import * as z from "zod";
import * as limits from "../../../src/model/limits.ts";
import { readBytes, readJson, readOptionalJson } from "../../../src/http/body.ts";

const schema = z.strictObject({ name: z.string().optional() });

function post(body: BodyInit | null): Request {
  return new Request("http://localhost/", { method: "POST", body });
}

test("a body up to the limit is read, one byte more is refused while it is read", async () => {
  expect(await readBytes(post("x".repeat(10)), 10)).toMatchObject({ ok: true });
  expect(await readBytes(post("x".repeat(11)), 10)).toEqual({
    ok: false,
    failure: { kind: "tooLarge", limitBytes: 10 },
  });
});

/** Zeros, and how many of them were asked for. */
function streamOf(bytesMax: number): { readonly request: Request; readonly pulledBytes: () => number } {
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1_000_000;
      if (pulled > bytesMax) controller.close();
      else controller.enqueue(new Uint8Array(1_000_000));
    },
  });
  // Node wants a word about streams that workerd's types do not know.
  const options = { method: "POST", body, duplex: "half" };
  return { request: new Request("http://localhost/", options), pulledBytes: () => pulled };
}

test("a sender of too much is heard out before the answer, an endless one is not", async () => {
  const tooLarge = { ok: false, failure: { kind: "tooLarge", limitBytes: 5_000 } };
  const much = streamOf(10_000_000);
  expect(await readBytes(much.request, 5_000)).toEqual(tooLarge);
  expect(much.pulledBytes()).toBeGreaterThan(10_000_000);
  const endless = streamOf(Infinity);
  expect(await readBytes(endless.request, 5_000)).toEqual(tooLarge);
  expect(endless.pulledBytes()).toBeLessThan(limits.discardedBodyBytesMax + 10_000_000);
});

test("what is not JSON is malformed, what is JSON and wrong is invalid with its path", async () => {
  for (const bad of ["", "{", "name", "\u0000", '{"name":1,}']) {
    expect(await readJson(post(bad), schema)).toMatchObject({ failure: { kind: "malformed" } });
  }
  expect(await readJson(post(new Uint8Array([0x22, 0xff, 0x22])), schema)).toMatchObject({
    failure: { kind: "malformed" },
  });
  expect(await readJson(post('{"name":1}'), schema)).toMatchObject({
    failure: { kind: "invalid", issues: [{ path: "name" }] },
  });
  expect(await readJson(post('{"nmae":"x"}'), schema)).toMatchObject({
    failure: { kind: "invalid", issues: [{ path: "nmae" }] },
  });
  expect(await readJson(post("[]"), schema)).toMatchObject({ failure: { kind: "invalid" } });
});

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

test("what is nested too deeply is invalid, and no schema sees it", async () => {
  const anyJson = z.json();
  expect(await readJson(post(nested(limits.jsonDepthMax)), anyJson)).toMatchObject({ ok: true });
  for (const levels of [limits.jsonDepthMax + 1, 100_000]) {
    expect(await readJson(post(nested(levels)), anyJson)).toMatchObject({
      failure: { kind: "invalid", issues: [{ path: "", message: "is nested too deeply" }] },
    });
  }
});

test("where a body may be left out, none means an empty object", async () => {
  expect(await readOptionalJson(post(null), schema)).toEqual({ ok: true, value: {} });
  expect(await readOptionalJson(post("{"), schema)).toMatchObject({ failure: { kind: "malformed" } });
});
