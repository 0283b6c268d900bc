/** Changing, rotating and replaying a subscription. */
import type { Replay, SubscriptionView } from "../../model/subscription.ts";
import type { ReplayScope } from "../../model/subscriptionWords.ts";
import { changeSubscription, rotateSubscription, startReplay } from "../api/subscriptions.ts";
import { Dialog } from "../parts/dialog.tsx";
import { SelectField } from "../parts/field.tsx";
import { RequestForm, textOf } from "../parts/form.tsx";
import { overlapChoices } from "../parts/overlap.ts";
import { announce } from "../state/announce.ts";
import { rangeMs } from "../words/time.ts";
import { changeOf, SubscriptionFields } from "./fields.tsx";
import { freshSecret } from "./fresh.ts";

interface DialogProps {
  readonly subscription: SubscriptionView;
  readonly onClose: () => void;
}

type ChangeProps = DialogProps & { readonly onChange: (subscription: SubscriptionView) => void };

export function ChangeDialog({ subscription, onClose, onChange }: ChangeProps) {
  return (
    <Dialog title="Change the subscription" onClose={onClose}>
      <RequestForm
        label="Change the subscription"
        submit="Save"
        send={(fields) => changeSubscription(subscription.id, changeOf(fields, subscription.filter))}
        onDone={(changed) => {
          onChange(changed);
          onClose();
          announce("Saved.");
        }}
        onCancel={onClose}
      >
        {(problem) => <SubscriptionFields subscription={subscription} problem={problem} />}
      </RequestForm>
    </Dialog>
  );
}

export function RotateDialog({ subscription, onClose }: DialogProps) {
  return (
    <Dialog title="Rotate the signing secret" onClose={onClose}>
      <RequestForm
        label="Rotate the signing secret"
        submit="Make a new secret"
        send={(fields) => rotateSubscription(subscription.id, Number(textOf(fields, "overlapSeconds") ?? 0))}
        onDone={({ signingSecret }) => {
          onClose();
          freshSecret.value = { id: subscription.id, signingSecret };
        }}
        onCancel={onClose}
      >
        {(problem) => (
          <SelectField
            label="How long the old one signs as well"
            name="overlapSeconds"
            initial="86400"
            choices={overlapChoices}
            problem={problem}
            hint="Until then each delivery carries both signatures."
          />
        )}
      </RequestForm>
    </Dialog>
  );
}

const ranges = [
  { value: "15m", label: "The last 15 minutes" },
  { value: "1h", label: "The last hour" },
  { value: "24h", label: "The last 24 hours" },
  { value: "7d", label: "The last 7 days" },
  { value: "30d", label: "The last 30 days" },
];
const scopes: readonly { readonly value: ReplayScope; readonly label: string }[] = [
  { value: "failed", label: "What was given up, blocked or canceled" },
  { value: "missing", label: "What was never sent" },
  { value: "all", label: "Everything again, also what was delivered" },
];

type ReplayProps = DialogProps & { readonly onReplay: (replay: Replay) => void };

export function ReplayDialog({ subscription, onClose, onReplay }: ReplayProps) {
  const send = (fields: FormData) => {
    const backMs = rangeMs(textOf(fields, "range") ?? "24h") ?? 0;
    const only = scopes.find(({ value }) => value === textOf(fields, "only"))?.value ?? "failed";
    return startReplay(subscription.id, { since: new Date(Date.now() - backMs).toISOString(), only });
  };
  return (
    <Dialog title="Replay" onClose={onClose}>
      <RequestForm
        label="Replay"
        submit="Start the replay"
        send={send}
        onDone={(replay) => {
          onClose();
          onReplay(replay);
        }}
        onCancel={onClose}
      >
        {(problem) => (
          <>
            <SelectField
              label="Events of"
              name="range"
              initial="24h"
              choices={ranges}
              problem={problem}
              path="since"
            />
            <SelectField
              label="Send"
              name="only"
              choices={scopes}
              problem={problem}
              hint="Each keeps its webhook-id, so a receiver that remembers ids takes none twice."
            />
          </>
        )}
      </RequestForm>
    </Dialog>
  );
}
