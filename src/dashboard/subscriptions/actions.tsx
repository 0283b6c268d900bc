/** What can be done with a subscription. */
import { useState } from "preact/hooks";
import type { Replay, SubscriptionView } from "../../model/subscription.ts";
import type { Problem } from "../api/problem.ts";
import { changeSubscription, deleteSubscription, testSubscription } from "../api/subscriptions.ts";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { navigate } from "../state/address.ts";
import { announce } from "../state/announce.ts";
import { ChangeDialog, ReplayDialog, RotateDialog } from "./dialogs.tsx";
import { inBackground } from "../state/background.ts";

interface ActionsProps {
  readonly subscription: SubscriptionView;
  readonly onChange: (subscription: SubscriptionView) => void;
  readonly onReplay: (replay: Replay) => void;
  readonly onRefresh: () => void;
}

type Open = "change" | "rotate" | "replay" | "delete" | null;

/** The test's attempt is made right after the answer. */
const attemptSettlesMs = 1_000;

export function Actions({ subscription, onChange, onReplay, onRefresh }: ActionsProps) {
  const [open, setOpen] = useState<Open>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isActive = subscription.status === "active";
  const close = () => setOpen(null);
  const test = async () => {
    const answer = await testSubscription(subscription.id);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    announce("A test event is on its way.");
    setTimeout(onRefresh, attemptSettlesMs);
  };
  const switchIt = async () => {
    const answer = await changeSubscription(subscription.id, { status: isActive ? "inactive" : "active" });
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    onChange(answer.value);
    announce(
      isActive ? "Switched off. What was on its way is canceled." : "Switched on. Replay what is missing.",
    );
  };
  const remove = async () => {
    const answer = await deleteSubscription(subscription.id);
    close();
    if (!answer.ok) return setProblem(answer.problem);
    announce("The subscription is deleted.");
    navigate("/subscriptions");
  };
  const buttons: readonly { readonly label: string; readonly act: () => void }[] = [
    { label: "Send a test event", act: () => inBackground(test()) },
    { label: "Replay", act: () => setOpen("replay") },
    { label: "Change", act: () => setOpen("change") },
    { label: "Rotate the secret", act: () => setOpen("rotate") },
    { label: isActive ? "Switch off" : "Switch on", act: () => inBackground(switchIt()) },
  ];
  return (
    <>
      <div class="form-actions" role="group" aria-label="Actions">
        {buttons.map(({ label, act }) => (
          <button key={label} type="button" class="button" onClick={act}>
            {label}
          </button>
        ))}
        <button type="button" class="button button-danger" onClick={() => setOpen("delete")}>
          Delete
        </button>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      {open === "change" && <ChangeDialog subscription={subscription} onClose={close} onChange={onChange} />}
      {open === "rotate" && <RotateDialog subscription={subscription} onClose={close} />}
      {open === "replay" && <ReplayDialog subscription={subscription} onClose={close} onReplay={onReplay} />}
      {open === "delete" && (
        <ConfirmDialog
          title="Delete this subscription?"
          action="Delete the subscription"
          onConfirm={() => inBackground(remove())}
          onClose={close}
        >
          <p>Nothing more is sent to it, and its record of deliveries goes.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
