/** How a subscription's deliveries went lately. */
import type { SubscriptionStats } from "../../model/subscription.ts";
import { Age, Ago, Moment } from "../parts/time.tsx";
import { spanText } from "../words/time.ts";

export function Stats({ stats }: { readonly stats: SubscriptionStats }) {
  const { since, byState, attempts, successRate, latencyMs, lastSuccessAt, lastFailureAt } = stats;
  const open = (byState.pending ?? 0) + (byState.retrying ?? 0);
  const lost = (byState.exhausted ?? 0) + (byState.blocked ?? 0);
  const figures = [
    {
      name: "Delivered",
      text: String(byState.delivered ?? 0),
      note: successRate === null ? "" : `${percent(successRate)} of those that ended`,
    },
    { name: "On the way", text: String(open), note: `${attempts} attempts so far` },
    { name: "Given up or blocked", text: String(lost), note: lost > 0 ? "they can be replayed" : "" },
    {
      name: "Half within",
      text: span(latencyMs.p50),
      note: latencyMs.p99 === null ? "" : `99 % within ${span(latencyMs.p99)}`,
    },
  ];
  return (
    <section aria-labelledby="stats-title">
      <h2 id="stats-title">How it goes</h2>
      {isFailing(stats) && (
        <div class="notice notice-failed">
          <p class="notice-title">The endpoint is failing</p>
          <p>
            {lastSuccessAt === null ? (
              "It has taken nothing yet."
            ) : (
              <>
                It has taken nothing for <Age time={lastSuccessAt} />.
              </>
            )}{" "}
            What it does not take is tried again for 48 hours. Its answers stand at the attempts below.
          </p>
        </div>
      )}
      <dl class="figures-row">
        {figures.map(({ name, text, note }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
            <dd class="soft small">{note}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">
        Since <Moment time={since} />.
        {lastSuccessAt !== null && (
          <>
            {" "}
            Last success <Ago time={lastSuccessAt} />.
          </>
        )}
        {lastFailureAt !== null && (
          <>
            {" "}
            Last failure <Ago time={lastFailureAt} />.
          </>
        )}
      </p>
    </section>
  );
}

function isFailing({ lastSuccessAt, lastFailureAt }: SubscriptionStats): boolean {
  return lastFailureAt !== null && (lastSuccessAt === null || lastSuccessAt < lastFailureAt);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0.99 && share < 1 ? 1 : 0)} %`;
}

function span(ms: number | null): string {
  return ms === null ? "–" : spanText(ms);
}
