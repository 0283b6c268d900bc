/** One delivery: its state, when it is tried next, and each attempt with what the endpoint answered. */
import { useState } from "preact/hooks";
import type { Delivery } from "../../model/subscription.ts";
import type { Attempt } from "../../model/subscriptionWords.ts";
import type { Problem } from "../api/problem.ts";
import { retryDelivery } from "../api/subscriptions.ts";
import { Glyph } from "../parts/glyph.tsx";
import { messageHref, subscriptionHref } from "../parts/links.ts";
import { ProblemNotice } from "../parts/notice.tsx";
import { Moment } from "../parts/time.tsx";
import { announce } from "../state/announce.ts";
import { nowMs } from "../state/clock.ts";
import { may } from "../state/session.ts";
import { subscriptionName } from "./names.ts";
import { deliveryMeanings, deliveryWords } from "../words/delivery.ts";
import { spanText } from "../words/time.ts";
import { inBackground } from "../state/background.ts";

interface DeliveryCardProps {
  readonly delivery: Delivery;
  readonly onChange: () => void;
  /** On a message's page; a subscription's own names the message instead. */
  readonly showSubscription?: boolean;
}

export function DeliveryCard({ delivery, onChange, showSubscription = false }: DeliveryCardProps) {
  const { subscription, event, source, messageId, state, attempts, attemptsTotal, replay } = delivery;
  const { word, glyph, tone } = deliveryWords[state];
  const last = attempts.at(-1);
  return (
    <li class="delivery">
      <div class="delivery-head">
        <span class={`status tone-${tone}`} title={deliveryMeanings[state]}>
          <Glyph name={glyph} />
          <span class="status-word">{word}</span>
        </span>
        <span class="delivery-what">
          {showSubscription || source === null || messageId === null ? (
            <a href={subscriptionHref(subscription)}>{subscriptionName(subscription)}</a>
          ) : (
            <a href={messageHref(source, messageId)}>{messageId}</a>
          )}
          <span class="soft small mono">{event}</span>
        </span>
        <span class="delivery-when small">
          {last !== undefined && <>{outcomeText(last)} · </>}
          <Moment time={last?.at ?? delivery.createdAt} />
          {replay !== null && <span class="tag">replayed</span>}
        </span>
        {may("subscriptions:write") && state !== "pending" && (
          <RetryButton delivery={delivery} onDone={onChange} />
        )}
      </div>
      <NextAttempt delivery={delivery} />
      {attempts.length > 0 && (
        <details class="attempts">
          <summary>{attemptsTotal === 1 ? "1 attempt" : `${attemptsTotal} attempts`}</summary>
          <ol>
            {attempts.map((attempt) => (
              <AttemptLine key={attempt.at} attempt={attempt} />
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

function NextAttempt({ delivery }: { readonly delivery: Delivery }) {
  const { nextAttemptAt, state } = delivery;
  if (nextAttemptAt === null || state === "delivered") return null;
  const waitMs = Date.parse(nextAttemptAt) - nowMs.value;
  return (
    <p class="soft small delivery-next">
      {waitMs > 0 ? `Next attempt in ${spanText(waitMs)}` : "Next attempt any moment"}, given up{" "}
      <Moment time={delivery.deadlineAt} />
    </p>
  );
}

function AttemptLine({ attempt }: { readonly attempt: Attempt }) {
  return (
    <li>
      <Moment time={attempt.at} />: {outcomeText(attempt)} after {spanText(attempt.durationMs)}
      {attempt.responseBody !== null && attempt.responseBody !== "" && (
        <pre tabIndex={0} role="region" aria-label="Answer of the endpoint">
          {attempt.responseBody}
        </pre>
      )}
    </li>
  );
}

/** The service says in `error` what was wrong, the status included. */
function outcomeText({ statusCode, error }: Attempt): string {
  return error ?? `answered ${statusCode ?? "nothing"}`;
}

function RetryButton({ delivery, onDone }: { readonly delivery: Delivery; readonly onDone: () => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const label = delivery.state === "delivered" ? "Send again" : "Retry now";
  const retry = async () => {
    const answer = await retryDelivery(delivery.subscription, delivery.event);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    announce("It is sent again.");
    // The attempt itself takes a moment; without this the old state would be read again.
    setTimeout(onDone, 800);
  };
  return (
    <>
      <button
        type="button"
        class="button button-small"
        aria-label={`${label}, ${delivery.event}`}
        onClick={() => inBackground(retry())}
      >
        {label}
      </button>
      {problem !== null && <ProblemNotice problem={problem} />}
    </>
  );
}
