/** Times: how long ago, or when; always local, with UTC on hover. */
import { useComputed } from "@preact/signals";
import { nowMs } from "../state/clock.ts";
import { ageText, agoText, clockText, localText, utcText } from "../words/time.ts";

/** Only its text changes as time goes by. */
export function Age({ time }: { readonly time: string }) {
  const text = useComputed(() => ageText(Date.parse(time), nowMs.value));
  return (
    <time dateTime={time} title={titleOf(time)} class="age">
      {text}
    </time>
  );
}

/** "5 min ago", in a sentence. */
export function Ago({ time }: { readonly time: string }) {
  const text = useComputed(() => agoText(Date.parse(time), nowMs.value));
  return (
    <time dateTime={time} title={titleOf(time)} class="age">
      {text}
    </time>
  );
}

export function Moment({ time }: { readonly time: string | null }) {
  if (time === null) return <span class="soft">never</span>;
  return (
    <time dateTime={time} title={utcText(time)}>
      {localText(time)}
    </time>
  );
}

/** For timelines: milliseconds, and the day only where it differs from the line before. */
export function Clock({ time, beside = null }: { readonly time: string; readonly beside?: string | null }) {
  return (
    <time dateTime={time} title={titleOf(time)} class="clock">
      {clockText(time, beside)}
    </time>
  );
}

function titleOf(time: string): string {
  return `${localText(time)} here, ${utcText(time)}`;
}
