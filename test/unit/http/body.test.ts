import { expect, test } from "vitest";
import * as z from "zod";
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

test("an endless body is not read to its end", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  // Node wants a word about streams that workerd's types do not know.
  const options = { method: "POST", body: endless, duplex: "half" };
  expect(await readBytes(new Request("http://localhost/", options), 5_000)).toMatchObject({ ok: false });
  expect(pulled).toBeLessThan(20);
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

test("where a body may be left out, none means an empty object", async () => {
  expect(await readOptionalJson(post(null), schema)).toEqual({ ok: true, value: {} });
  expect(await readOptionalJson(post("{"), schema)).toMatchObject({ failure: { kind: "malformed" } });
});
