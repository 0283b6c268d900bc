/** Lists: `limit` and an opaque `cursor` in, `{ data, nextCursor }` out. */
import type * as z from "zod/mini";
import { invalid } from "../model/failure.ts";
import * as limits from "../model/limits.ts";
import { fail, type Result, succeed } from "../model/result.ts";

export interface Page<Row> {
  readonly data: readonly Row[];
  readonly nextCursor: string | null;
}

export function readLimit(text: string | undefined): Result<number> {
  if (text === undefined) return succeed(limits.pageRowsDefault);
  const limit = Number(text);
  if (/^\d{1,4}$/.test(text) && limit >= 1 && limit <= limits.pageRowsMax) return succeed(limit);
  return fail(invalid("limit", `must be a whole number from 1 to ${limits.pageRowsMax}`));
}

/** Reads a cursor back into the position it was made of; a foreign or damaged one is a failure of the field. */
export function readCursor<Schema extends z.ZodMiniType>(
  text: string | undefined,
  position: Schema,
): Result<z.output<Schema> | null> {
  if (text === undefined) return succeed(null);
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    const parsed = position.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    if (parsed.success) return succeed(parsed.data);
  } catch {
    // Falls through: not ours, like a cursor of another shape.
  }
  return fail(invalid("cursor", "is not a cursor of this list"));
}

/**
 * Cuts the one row too many that the caller selected (`limit + 1`) off again; if it was there, the list goes on
 * after the last row kept.
 */
export function pageOf<Row, Shown>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => unknown,
  show: (row: Row) => Shown,
): Page<Shown> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return {
    data: kept.map(show),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null,
  };
}

function writeCursor(position: unknown): string {
  return new TextEncoder()
    .encode(JSON.stringify(position))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
