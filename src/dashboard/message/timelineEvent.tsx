/** One event of a message: what, when it happened, when we heard of it, and what it did. */
import { useState } from "preact/hooks";
import type { Event } from "../../model/event.ts";
import { CopyBlock } from "../parts/copy.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { Clock } from "../parts/time.tsx";
import { effectSentence, skewText } from "../words/effect.ts";
import { reasonLine } from "../words/reason.ts";
import { statusWords } from "../words/status.ts";
import { clockText } from "../words/time.ts";

interface TimelineEventProps {
  readonly event: Event;
  readonly history: readonly Event[];
  readonly order: "happened" | "heard";
  readonly before: Event | null;
}

export function TimelineEvent({ event, history, order, before }: TimelineEventProps) {
  const { word, glyph, tone } = statusWords[event.status];
  const at = order === "heard" ? event.receivedAt : event.occurredAt;
  const besideEvent = order === "heard" ? before?.receivedAt : before?.occurredAt;
  return (
    <li class={`event tone-${tone} event-${event.effect}`}>
      <span class="event-glyph">
        <Glyph name={glyph} />
      </span>
      <div class="event-body">
        <p class="event-head">
          <strong class="event-word">{word}</strong>
          {event.part.total > 1 && (
            <span class="tag">
              part {event.part.number} of {event.part.total}
            </span>
          )}
          {event.effect !== "advanced" && <span class="tag">{event.effect}</span>}
          <span class="event-time">
            <Clock time={at} beside={besideEvent ?? null} />
          </span>
        </p>
        <p class="event-effect">{effectSentence(event, history)}</p>
        {event.reason !== null && <p class="event-reason">{reasonLine(event.reason)}</p>}
        <p class="event-skew soft small">
          {order === "heard" ? `${occurredText(event)} · ` : ""}
          {skewText(event)}
          {` · the provider’s word is “${event.providerStatus}”`}
        </p>
        <Raw event={event} />
      </div>
    </li>
  );
}

function occurredText(event: Event): string {
  if (event.timeSource === "received") return "no time of its own";
  return `happened ${clockText(event.occurredAt, event.receivedAt)}`;
}

/** The payload is written out only when it is opened: a long history has many. */
function Raw({ event }: { readonly event: Event }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="raw" onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary>Raw payload</summary>
      {open &&
        (event.rawTruncated === true ? (
          <p class="soft">It was over 32 KiB and is not kept.</p>
        ) : (
          <CopyBlock text={JSON.stringify(event.raw, null, 2)} what="the raw payload" />
        ))}
    </details>
  );
}
