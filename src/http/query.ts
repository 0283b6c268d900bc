/** Query parameters as a route reads them: one with an empty value asks for nothing, as if it were not there. */
import * as z from "zod/mini";
import { invalidAt, type Issue } from "../model/failure.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import { validate } from "./body.ts";
import { readCursor, readLimit } from "./page.ts";

/** What a list was asked for. */
export interface ListRequest<Position, Filters> {
  readonly limit: number;
  /** Where the page before ended; null: from the beginning. */
  readonly after: Position | null;
  readonly filters: Filters;
}

/** Of a list that can't be narrowed. */
export const noFilters = z.strictObject({});

/** A name that is given twice is refused, since only one of its values could count. */
export function readQuery<Schema extends z.ZodMiniType>(
  url: string,
  schema: Schema,
): Result<z.output<Schema>> {
  const given = givenOnce(url);
  return given.ok ? validate(given.value, schema) : given;
}

/** The parameters of a list: `limit`, `cursor`, and those by which it is narrowed. */
export function readList<Position extends z.ZodMiniType, Filters extends z.ZodMiniType>(
  url: string,
  position: Position,
  filters: Filters,
): Result<ListRequest<z.output<Position>, z.output<Filters>>> {
  const given = givenOnce(url);
  if (!given.ok) return given;
  const { limit: limitText, cursor, ...rest } = given.value;
  const limit = readLimit(limitText);
  if (!limit.ok) return limit;
  const after = readCursor(cursor, position);
  if (!after.ok) return after;
  const narrowed = validate(rest, filters);
  if (!narrowed.ok) return narrowed;
  return succeed({ limit: limit.value, after: after.value, filters: narrowed.value });
}

function givenOnce(url: string): Result<Record<string, string>> {
  const given = new Map<string, string>();
  const issues: Issue[] = [];
  for (const [name, value] of new URL(url).searchParams) {
    if (value === "") continue;
    if (given.has(name)) issues.push({ path: name, message: "may be given once" });
    given.set(name, value);
  }
  return issues.length > 0 ? fail(invalidAt(issues)) : succeed(Object.fromEntries(given));
}
