/** Reads what nobody promised. Never refuses: what is not as it should be is null, like what is missing. */
import * as z from "zod/mini";

/** Not `z.catch`, which reaches into all of zod's own utilities: 2 KiB of a zipped Worker. */
export function loose<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.transform((value: unknown): z.output<Schema> | null => {
    const read = z.safeParse(schema, value);
    return read.success ? read.data : null;
  });
}
