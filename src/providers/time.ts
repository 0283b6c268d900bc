/**
 * Reads the times that providers write. A time that is read keeps the provider's own text, which is part of the
 * event's identity; whether it is plausible is not decided here.
 */
import * as z from "zod/mini";
import { refused } from "./fields.ts";

export interface ProviderTime {
  /** Unix milliseconds; always within what a Date can hold. */
  readonly ms: number;
  /** As the provider wrote it. */
  readonly text: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** The furthest time that a Date can hold, in both directions. */
const TIME_MS_MAX = 8.64e15;

/** RFC 3339 and its relatives: offset with or without a colon or a space before it, any fraction, UTC where no zone is named. */
export const isoTime = z.pipe(
  z.string(),
  z.transform((text, context): ProviderTime => {
    const ms = isoMilliseconds(text);
    return ms === null ? noTime(context) : { ms, text };
  }),
);

export const unixSeconds = unixTime(() => SECOND_MS);
export const unixMilliseconds = unixTime(() => 1);
/** For providers that mix the two: below 1e11 it can only be seconds (as milliseconds that would be before 1973). */
export const unixSecondsOrMilliseconds = unixTime((value) => (Math.abs(value) < 1e11 ? SECOND_MS : 1));

const isoPattern =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[T ](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,20}))?)?(?:Z| ?(?<sign>[+-])(?<offsetHour>\d\d):?(?<offsetMinute>\d\d)?)?$/i;

function isoMilliseconds(text: string): number | null {
  const groups = isoPattern.exec(text)?.groups;
  if (groups === undefined) return null;
  const number = (name: string) => Number(groups[name] ?? 0);
  const [month, day] = [number("month"), number("day")];
  const midnight = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for the twentieth century.
  midnight.setUTCFullYear(number("year"), month - 1, day);
  const isDate = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day;
  // Second 60 is a leap second.
  if (!isDate || number("hour") > 23 || number("minute") > 59 || number("second") > 60) return null;
  if (number("offsetHour") > 23 || number("offsetMinute") > 59) return null;
  const offsetMinutes =
    (number("offsetHour") * 60 + number("offsetMinute")) * (groups["sign"] === "-" ? -1 : 1);
  const minutes = number("hour") * 60 + number("minute") - offsetMinutes;
  const fractionMs = Number((groups["fraction"] ?? "").slice(0, 3).padEnd(3, "0"));
  return midnight.getTime() + minutes * MINUTE_MS + number("second") * SECOND_MS + fractionMs;
}

/** A number, or a number as text. */
function unixTime(unitMs: (value: number) => number) {
  return z.pipe(
    z.union([z.number(), z.string()]),
    z.transform((value, context): ProviderTime => {
      const isNumber = typeof value === "number" || /^-?\d{1,20}(\.\d{1,20})?$/.test(value);
      const ms = isNumber ? Math.round(Number(value) * unitMs(Number(value))) : Number.NaN;
      return Math.abs(ms) <= TIME_MS_MAX ? { ms, text: String(value) } : noTime(context);
    }),
  );
}

function noTime(context: z.core.ParsePayload): never {
  return refused(context, "is not a time");
}
