/** All subscriptions: where events are sent to, and whether they still are. */
import { useState } from "preact/hooks";
import type { SubscriptionView } from "../../model/subscription.ts";
import { listSubscriptions } from "../api/subscriptions.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { MoreButton, useListing } from "../parts/pager.tsx";
import { PageFrame } from "../parts/page.tsx";
import { subscriptionHref } from "../parts/links.ts";
import { may } from "../state/session.ts";
import { filterSentence } from "../words/filter.ts";
import { NewSubscriptionDialog } from "./newSubscription.tsx";
import { SubscriptionState } from "./state.tsx";

export function SubscriptionsPage() {
  const listing = useListing("subscriptions", listSubscriptions);
  const [making, setMaking] = useState(false);
  const makeButton = may("subscriptions:write") && (
    <button type="button" class="button button-main" onClick={() => setMaking(true)}>
      New subscription
    </button>
  );
  const { items, problem } = listing;
  return (
    <PageFrame
      title="Subscriptions"
      intro="Your systems that get events by webhook, signed and retried until they take them."
      actions={items?.length !== 0 && makeButton}
    >
      {problem !== null && <ProblemNotice problem={problem} onRetry={listing.reload} />}
      {items === null && problem === null && <Loading what="subscriptions" />}
      {items?.length === 0 && (
        <Empty title="No subscription yet">
          <p>
            Give the address of your system. It gets each status as a signed POST; what it does not take is
            tried again for two days.
          </p>
          {makeButton}
        </Empty>
      )}
      {items !== null && items.length > 0 && <SubscriptionTable subscriptions={items} />}
      <MoreButton more={listing.more} />
      {making && <NewSubscriptionDialog onClose={() => setMaking(false)} />}
    </PageFrame>
  );
}

const columns = ["Name", "State", "Format", "Gets"];

function SubscriptionTable({ subscriptions }: { readonly subscriptions: readonly SubscriptionView[] }) {
  return (
    <table class="table" role="table">
      <caption class="unseen">Subscriptions</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {subscriptions.map((subscription) => (
          <tr key={subscription.id} role="row">
            <td role="cell">
              <a href={subscriptionHref(subscription.id)}>{subscription.name ?? subscription.id}</a>
              <div class="soft small mono breakable">{subscription.url}</div>
            </td>
            <td role="cell">
              <SubscriptionState subscription={subscription} />
            </td>
            <td role="cell" data-label="Format">
              {subscription.scenario === null ? subscription.format : "scenario"}
            </td>
            <td role="cell" class="soft">
              {filterSentence(subscription.filter)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
