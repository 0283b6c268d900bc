/** What a text of a request or a table must be to be read: short enough, a time, or JSON of something. */
import * as core from "zod/v4/core";
import * as z from "zod/mini";

/** Not empty, and not endless. */
export function textUpTo(charactersMax: number) {
  return z.string().check(z.minLength(1), z.maxLength(charactersMax));
}

/** A time as ISO 8601 writes it. By zod's core: `z.iso` brings dates, times and durations into the Worker as well. */
export function isoTime(form: { readonly offset: true } | { readonly precision: 3 }) {
  return core._isoDateTime(core.$ZodISODateTime, form);
}

/** A time in any zone, which must be named; read as Unix milliseconds. */
export const instantSchema = z.pipe(
  isoTime({ offset: true }),
  z.transform((text) => Date.parse(text)),
);

/** A JSON column, read back. */
export function jsonText<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.pipe(
    z.pipe(
      z.string(),
      z.transform((text): unknown => JSON.parse(text)),
    ),
    schema,
  );
}
