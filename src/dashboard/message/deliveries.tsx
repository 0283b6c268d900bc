/** Where the message's events were delivered to, with each attempt. */
import { useEffect, useRef } from "preact/hooks";
import { listMessageDeliveries } from "../api/messages.ts";
import { DeliveryCard } from "../deliveries/card.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { useResource } from "../state/resource.ts";

interface DeliveriesProps {
  readonly source: string;
  readonly messageId: string;
  /** New events make new deliveries. */
  readonly version: number;
}

/** A delivery is made after its event is shown; then it takes its attempts. */
const settleMs = 1_500;

export function Deliveries({ source, messageId, version }: DeliveriesProps) {
  const list = useResource(`${source}/${messageId}`, (signal) =>
    listMessageDeliveries(source, messageId, signal),
  );
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(list.reload, settleMs);
    return () => clearTimeout(timer);
  }, [version]);
  const deliveries = list.value?.data ?? [];
  return (
    <section class="deliveries" aria-labelledby="deliveries-title">
      <div class="section-head">
        <h2 id="deliveries-title">Deliveries</h2>
        <button type="button" class="button button-small" onClick={list.reload}>
          Refresh
        </button>
      </div>
      {list.problem !== null && <ProblemNotice problem={list.problem} onRetry={list.reload} />}
      {list.value !== null && deliveries.length === 0 && (
        <p class="soft">
          No subscription wanted these events. <a href="/subscriptions">Make one</a> to have them sent to your
          systems.
        </p>
      )}
      <ul class="delivery-list">
        {deliveries.map((delivery) => (
          <DeliveryCard
            key={`${delivery.subscription}/${delivery.event}`}
            delivery={delivery}
            onChange={list.reload}
            showSubscription
          />
        ))}
      </ul>
    </section>
  );
}
