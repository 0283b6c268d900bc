/** What each source brought. */
import type { Overview } from "../api/overview.ts";
import { sourceHref } from "../parts/links.ts";
import { Ago } from "../parts/time.tsx";
import { may } from "../state/session.ts";
import { shareText } from "../charts/bars.tsx";

export function Sources({ sources }: { readonly sources: Overview["bySource"] }) {
  return (
    <section class="card" aria-labelledby="sources-title">
      <h2 id="sources-title">By source</h2>
      <ul class="source-list">
        {sources.map(({ source, messages, failed, repeats, late, lastReceivedAt }) => (
          <li key={source}>
            <p>
              {may("sources:read") ? <a href={sourceHref(source)}>{source}</a> : source}
              {lastReceivedAt !== null && (
                <span class="soft small">
                  {" "}
                  <Ago time={lastReceivedAt} />
                </span>
              )}
            </p>
            <p class="soft small figures">
              {messages} messages, {shareText(failed, messages)} failed, {repeats} repeats, {late} late
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
