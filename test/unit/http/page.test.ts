import fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { type Page, pageOf, readCursor, readLimit } from "../../../src/http/page.ts";

test("limit is a whole number from 1 to 200, and 50 where left out", () => {
  expect(readLimit(undefined)).toEqual({ ok: true, value: 50 });
  for (const good of ["1", "200", "050"]) expect(readLimit(good)).toEqual({ ok: true, value: Number(good) });
  for (const bad of ["", "0", "201", "-1", "1.5", "1e2", "0x10", " 5", "x", "99999"]) {
    expect([bad, readLimit(bad)]).toMatchObject([bad, { ok: false, failure: { kind: "invalid" } }]);
  }
});

test("walking the pages of any list meets each row once, in order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat()), fc.integer({ min: 1, max: 10 }), (numbers, limit) => {
      const rows = numbers.toSorted((left, right) => left - right);
      const seen: number[] = [];
      let next: string | null | undefined;
      for (let turn = 0; next !== null && turn <= rows.length; turn += 1) {
        const page = readPage(rows, limit, next);
        seen.push(...page.data);
        next = page.nextCursor;
      }
      expect(seen).toEqual(rows);
    }),
  );
});

test("whatever is sent as a cursor, nothing is thrown, and no foreign position gets through", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readCursor(text, z.tuple([z.string(), z.int()]));
      expect(read.ok).toBe(false);
    }),
  );
});

function readPage(rows: readonly number[], limit: number, cursor: string | undefined): Page<number> {
  const after = readCursor(cursor, z.int());
  if (!after.ok) throw new Error("a cursor of ours was refused");
  const rest = rows.filter((row) => after.value === null || row > after.value);
  return pageOf(rest.slice(0, limit + 1), limit, Number, Number);
}
