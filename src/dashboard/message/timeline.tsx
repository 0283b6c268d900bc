/** Everything that was heard of a message: in the order in which it happened, or in which it was told. */
import type { Event } from "../../model/event.ts";
import type { Message } from "../../model/message.ts";
import { search, setSearch } from "../state/address.ts";
import { TimelineEvent } from "./timelineEvent.tsx";

type Order = "happened" | "heard";

const labels: Readonly<Record<Order, string>> = { happened: "As it happened", heard: "As we heard it" };

export function Timeline({ message }: { readonly message: Message }) {
  const order: Order = search.value.get("order") === "heard" ? "heard" : "happened";
  const events = order === "heard" ? message.history.toSorted(byArrival) : message.history;
  return (
    <section class="timeline-section" aria-labelledby="timeline-title">
      <div class="section-head">
        <h2 id="timeline-title">Timeline</h2>
        <div class="switch" role="group" aria-label="Order of the timeline">
          {(["happened", "heard"] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={order === name}
              onClick={() => setSearch({ order: name === "heard" ? "heard" : null })}
            >
              {labels[name]}
            </button>
          ))}
        </div>
      </div>
      <ol class="timeline">
        {events.map((event, index) => (
          <TimelineEvent
            key={event.id}
            event={event}
            history={message.history}
            order={order}
            before={events[index - 1] ?? null}
          />
        ))}
      </ol>
      {message.duplicates > 0 && (
        <p class="soft small">
          {message.duplicates} {message.duplicates === 1 ? "repeat" : "repeats"} of these changed nothing and{" "}
          {message.duplicates === 1 ? "is" : "are"} not listed.
        </p>
      )}
    </section>
  );
}

function byArrival(one: Event, other: Event): number {
  return one.version - other.version;
}
