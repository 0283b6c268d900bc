/** Making a subscription. */
import { makeSubscription } from "../api/subscriptions.ts";
import { Dialog } from "../parts/dialog.tsx";
import { RequestForm } from "../parts/form.tsx";
import { subscriptionHref } from "../parts/links.ts";
import { navigate } from "../state/address.ts";
import { SubscriptionFields, subscriptionOf } from "./fields.tsx";
import { freshSecret } from "./fresh.ts";

export function NewSubscriptionDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="New subscription" onClose={onClose}>
      <RequestForm
        label="New subscription"
        submit="Make the subscription"
        send={(fields) => makeSubscription(subscriptionOf(fields))}
        onDone={({ id, signingSecret }) => {
          freshSecret.value = { id, signingSecret };
          navigate(subscriptionHref(id));
        }}
        onCancel={onClose}
      >
        {(problem) => <SubscriptionFields subscription={null} problem={problem} />}
      </RequestForm>
    </Dialog>
  );
}
