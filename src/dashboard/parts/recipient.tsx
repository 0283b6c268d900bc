/** Whom a message went to: masked, unless this person chose to see it. */
import { recipientsShown } from "../state/preferences.ts";
import { maskRecipient } from "../words/recipient.ts";

export function Recipient({ recipient }: { readonly recipient: string | null }) {
  if (recipient === null) return <span class="soft">not told</span>;
  if (recipientsShown.value) return <span class="figures">{recipient}</span>;
  return (
    <span class="figures">
      <span aria-hidden="true">{maskRecipient(recipient)}</span>
      <span class="unseen">hidden, ends with {recipient.slice(-2)}</span>
    </span>
  );
}
