/** The line of ticks: how far the message came, when, and where it stopped. */
import type { Message } from "../../model/message.ts";
import type { Status } from "../../model/status.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Clock } from "../parts/time.tsx";
import { mainLine, progressOf, showsFailure, statusWords } from "../words/status.ts";
import { spanText } from "../words/time.ts";

interface Step {
  readonly status: Status;
  readonly state: "reached" | "some" | "implied" | "ahead" | "end";
  readonly at: string | null;
}

export function Line({ message }: { readonly message: Message }) {
  const steps = stepsOf(message);
  return (
    <section class="line-card" aria-label="Line of ticks">
      <p class={`line-now tone-${statusWords[message.status].tone}`}>
        <Glyph name={statusWords[message.status].glyph} />
        <strong>{statusWords[message.status].word}</strong>
        <span class="line-meaning">{statusWords[message.status].meaning}</span>
      </p>
      <ol class="line">
        {steps.map((step, index) => (
          <LineStep key={step.status} step={step} before={timedBefore(steps, index)} />
        ))}
      </ol>
    </section>
  );
}

function LineStep({ step, before }: { readonly step: Step; readonly before: Step | null }) {
  const { word, glyph, tone } = statusWords[step.status];
  const isAhead = step.state === "ahead" || step.state === "some";
  const beforeAt = before?.at ?? null;
  const sinceMs = step.at === null || beforeAt === null ? null : Date.parse(step.at) - Date.parse(beforeAt);
  return (
    <li class={`line-step line-${step.state} ${isAhead ? "" : `tone-${tone}`}`}>
      <span class="line-glyph">
        <Glyph name={glyph} />
      </span>
      <span class="line-word">
        {word}
        {step.state === "ahead" && <span class="unseen"> not yet</span>}
      </span>
      <span class="line-time">
        {step.at === null ? (
          timeless[step.state]
        ) : (
          <Clock time={step.at} beside={beforeAt ?? new Date().toISOString()} />
        )}
      </span>
      {sinceMs !== null && (
        <span class="line-span">
          {spanText(sinceMs)} {sinceMs < 0 ? "earlier" : "later"}
        </span>
      )}
    </li>
  );
}

const timeless = {
  reached: "no time given",
  some: "in some parts",
  implied: "implied",
  ahead: "–",
  end: "no time given",
} as const;

/** The main line, what else the message passed, and at the end the failure if one is shown. */
function stepsOf(message: Message): Step[] {
  const known = Object.keys(message.firstAt).filter((name): name is Status => name in statusWords);
  const seen = new Set([...known, ...message.history.map(({ status }) => status)]);
  const furthest = Math.max(-1, ...[...seen].map(progressOf));
  const isFailed = showsFailure(message.status);
  const passed = [...seen].filter((status) => progressOf(status) >= 0);
  const all = new Set<Status>([...passed, ...mainLine]);
  const steps = [...all]
    .toSorted((one, other) => progressOf(one) - progressOf(other))
    .filter((status) => !isFailed || progressOf(status) <= furthest)
    .map((status): Step => {
      const state = stateOf(status, seen, message, furthest);
      return { status, state, at: state === "some" ? null : (message.firstAt[status] ?? null) };
    });
  return isFailed ? [...steps, { status: message.status, state: "end", at: message.statusAt }] : steps;
}

function stateOf(
  status: Status,
  seen: ReadonlySet<Status>,
  message: Message,
  furthest: number,
): Step["state"] {
  const isAheadOfAll = message.partsTotal > 1 && progressOf(status) > progressOf(message.status);
  if (progressOf(status) > furthest) return "ahead";
  if (isAheadOfAll && !showsFailure(message.status)) return "some";
  return seen.has(status) ? "reached" : "implied";
}

function timedBefore(steps: readonly Step[], index: number): Step | null {
  return steps.slice(0, index).findLast(({ at }) => at !== null) ?? null;
}
