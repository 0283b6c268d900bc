import { expect, test } from "vitest";
import * as z from "zod/mini";
import { noFilters, readList, readQuery } from "../../../src/http/query.ts";

const filters = z.strictObject({ status: z.optional(z.enum(["read", "failed"])) });
const sources = (query: string) =>
  readList(`https://tickline.example/v1/sources${query}`, z.int(), noFilters);
const list = (query: string) => readList(`https://tickline.example/v1/messages${query}`, z.int(), filters);

test("what is left out or has no value asks for nothing", () => {
  for (const query of ["", "?limit=&cursor=&status="]) {
    expect(list(query)).toEqual({ ok: true, value: { limit: 50, after: null, filters: {} } });
  }
});

test("a name that is given twice is refused, and named", () => {
  for (const name of ["status", "limit", "cursor"]) {
    expect(list(`?${name}=read&${name}=failed`)).toMatchObject({
      ok: false,
      failure: { kind: "invalid", issues: [{ path: name, message: "may be given once" }] },
    });
  }
  expect(list("?status=read&status=")).toMatchObject({ value: { filters: { status: "read" } } });
});

test("a list refuses what it does not know, whether it can be narrowed or not", () => {
  expect(list("?sttaus=read")).toMatchObject({ ok: false });
  expect(list("?status=red")).toMatchObject({ ok: false, failure: { issues: [{ path: "status" }] } });
  expect(sources("?limit=2")).toMatchObject({ value: { limit: 2, filters: {} } });
  expect(sources("?limit=2&provider=meta")).toMatchObject({ ok: false, failure: { kind: "invalid" } });
});

test("a query is read by its schema", () => {
  const schema = z.strictObject({ since: z.optional(z.string()) });
  const read = (query: string) => readQuery(`https://tickline.example/v1/overview${query}`, schema);
  expect(read("?since=now")).toEqual({ ok: true, value: { since: "now" } });
  expect(read("?since=a&since=b")).toMatchObject({ failure: { issues: [{ path: "since" }] } });
  expect(read("?until=a")).toMatchObject({ ok: false });
});
