/** How well the page follows the feed: a shape, a word, and how far behind it is. */
import { type Connection, connection, lagMs } from "../state/feed.ts";
import { spanText } from "../words/time.ts";

const words: Readonly<Record<Connection, string>> = {
  connecting: "Connecting …",
  live: "Live",
  ended: "Not live any more: reload the page",
  reconnecting: "Reconnecting; nothing is lost",
};

export function ConnectionMark({ live }: { readonly live: boolean }) {
  if (!live) return <span class="connection soft">Not live: this key lacks feed:read.</span>;
  const state = connection.value;
  const lag = lagMs.value;
  return (
    <span class={`connection connection-${state}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {state === "live" ? (
          <circle cx="6" cy="6" r="5" />
        ) : (
          <circle class="connection-open" cx="6" cy="6" r="4.2" />
        )}
      </svg>
      <span>
        {words[state]}
        {state === "live" && lag !== null && <span class="soft">, {spanText(lag)} behind</span>}
      </span>
    </span>
  );
}
