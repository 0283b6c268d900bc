/** What a subscription was sent: by state, newest first, each with its attempts. */
import { useEffect, useRef } from "preact/hooks";
import { deliveryStates } from "../words/deliveryStates.ts";
import { listDeliveries } from "../api/subscriptions.ts";
import { DeliveryCard } from "../deliveries/card.tsx";
import { SelectField } from "../parts/field.tsx";
import { Loading, ProblemNotice } from "../parts/notice.tsx";
import { MoreButton, useListing } from "../parts/pager.tsx";
import { search, setSearch } from "../state/address.ts";
import { deliveryWords } from "../words/delivery.ts";

interface DeliveryLogProps {
  readonly subscription: string;
  readonly round: number;
  readonly onChange: () => void;
}

const choices = [
  { value: "", label: "Any state" },
  ...deliveryStates.map((state) => ({ value: state, label: deliveryWords[state].word })),
];

export function DeliveryLog({ subscription, round, onChange }: DeliveryLogProps) {
  const state = search.value.get("state");
  const listing = useListing(`${subscription} ${state ?? ""}`, (cursor, signal) =>
    listDeliveries(subscription, { state, event: null, cursor }, signal),
  );
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) listing.reload();
    isFirst.current = false;
  }, [round]);
  const { items, problem } = listing;
  return (
    <section aria-labelledby="deliveries-title">
      <div class="section-head">
        <h2 id="deliveries-title">Deliveries</h2>
        <div class="section-tools">
          <SelectField
            label="State"
            name="state"
            value={state ?? ""}
            choices={choices}
            onChange={(next) => setSearch({ state: next })}
          />
          <button type="button" class="button" onClick={onChange}>
            Refresh
          </button>
        </div>
      </div>
      {problem !== null && <ProblemNotice problem={problem} onRetry={listing.reload} />}
      {items === null && problem === null && <Loading what="deliveries" />}
      {items?.length === 0 && (
        <p class="soft">
          {state === null
            ? "Nothing was sent yet. Send a test event, or wait for the first status that fits the filter."
            : "No delivery is in this state."}
        </p>
      )}
      <ul class="delivery-list">
        {items?.map((delivery) => (
          <DeliveryCard key={delivery.event} delivery={delivery} onChange={onChange} />
        ))}
      </ul>
      <MoreButton more={listing.more} />
    </section>
  );
}
