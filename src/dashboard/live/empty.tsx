/** A live table without rows: how to get the first one, or why the filter finds none. */
import { Empty } from "../parts/notice.tsx";
import { may } from "../state/session.ts";

export function NoMessages({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No message fits">
        <p>
          Searches look for a whole id, alias or recipient, written as the provider writes it. New messages
          that fit appear here by themselves.
        </p>
        <p>
          <a class="button" href="/">
            Show all messages
          </a>
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Waiting for the first status">
      <p>As soon as a provider reports about a message, it appears here by itself.</p>
      <ol class="steps">
        <li>
          {may("sources:read") ? <a href="/sources">Open a source</a> : "Ask for a source"} and paste its
          address at your provider.
        </li>
        <li>Send a message as always. Its ticks show up here within a second.</li>
        <li>
          On your own machine: <code>npm run demo</code> plays traffic of three providers.
        </li>
      </ol>
    </Empty>
  );
}
