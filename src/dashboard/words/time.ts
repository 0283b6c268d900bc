/** Times and spans as people read them: local, short, with UTC at hand. Pure: "now" is handed in. */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

// Made once: making one costs more than all else that a row of the live table needs.
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const hourAndMinute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndMinute = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const day = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric" });

/** "now", "12 s", "5 min", "3 h", "2 d"; a clock that runs ahead of ours says "now". */
export function ageText(timeMs: number, nowMs: number): string {
  const ageMs = nowMs - timeMs;
  if (ageMs < secondMs) return "now";
  if (ageMs < minuteMs) return `${Math.floor(ageMs / secondMs)} s`;
  if (ageMs < hourMs) return `${Math.floor(ageMs / minuteMs)} min`;
  if (ageMs < dayMs) return `${Math.floor(ageMs / hourMs)} h`;
  return `${Math.floor(ageMs / dayMs)} d`;
}

export function agoText(timeMs: number, nowMs: number): string {
  const age = ageText(timeMs, nowMs);
  return age === "now" ? "just now" : `${age} ago`;
}

/** A span with as much detail as helps: "40 ms", "1.4 s", "4 s", "2 min 5 s", "3 h 10 min", "2 d 4 h". */
export function spanText(spanMs: number): string {
  const ms = Math.abs(spanMs);
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 10 * secondMs) return `${trimZero((ms / secondMs).toFixed(1))} s`;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return two(ms, minuteMs, "min", secondMs, "s");
  if (ms < dayMs) return two(ms, hourMs, "h", minuteMs, "min");
  return two(ms, dayMs, "d", hourMs, "h");
}

export function localText(time: string): string {
  return dayAndTime.format(Date.parse(time));
}

/** The time of day with milliseconds, for timelines; with the day where it is not the day of `beside`. */
export function clockText(time: string, beside: string | null = null): string {
  const date = new Date(time);
  const clock = timeOfDay.format(date);
  if (beside !== null && new Date(beside).toDateString() === date.toDateString()) return clock;
  return `${day.format(date)}, ${clock}`;
}

/** One end of a span of at most some days, as short as its other end allows. */
export function axisText(time: string, otherEnd: string): string {
  const [date, other] = [new Date(time), new Date(otherEnd)];
  const isOneDay = date.toDateString() === other.toDateString();
  return (isOneDay ? hourAndMinute : dayAndMinute).format(date);
}

export function utcText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 23)} UTC`;
}

/** "15m", "24h", "7d" as milliseconds; null for what is none of these. */
export function rangeMs(text: string): number | null {
  const found = /^(\d{1,4})([mhd])$/.exec(text);
  if (found === null) return null;
  const unitMs = { m: minuteMs, h: hourMs, d: dayMs }[found[2] ?? ""] ?? 0;
  return Number(found[1]) * unitMs;
}

function two(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % largeMs) / smallMs);
  return `${Math.floor(ms / largeMs)} ${large}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

function trimZero(text: string): string {
  return text.endsWith(".0") ? text.slice(0, -2) : text;
}
