/**
 * The two kinds of whole numbers that we speak of. They have names also because a schema that calls a method, as these
 * do, can't be left out of the Worker where only the dashboard or the reference reads it.
 */
import * as z from "zod/mini";

export const countSchema = z.int().check(z.nonnegative());
export const positiveSchema = z.int().check(z.positive());
