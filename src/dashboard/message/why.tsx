/** Why the message shows what it shows, where that needs a word: failures, contradictions, differing parts. */
import type { Message } from "../../model/message.ts";
import { StatusMark } from "../parts/status.tsx";
import { reasonWords } from "../words/reason.ts";
import { wordOf } from "../words/status.ts";

export function Why({ message }: { readonly message: Message }) {
  const { reason, contradicted, partial, parts, partsTotal, status, deletedAt, overflow } = message;
  return (
    <>
      {reason !== null && (
        <section class="why why-failed">
          <h2>{reasonWords[reason.kind].title}</h2>
          {reason.text !== null && <p class="why-text">“{reason.text}”</p>}
          <p>{reasonWords[reason.kind].advice}</p>
          <p class="soft small">
            {reason.code === null ? "The provider gave no code." : `The provider’s code is ${reason.code}.`}
            {reason.permanent === true && " Trying again will not help."}
            {reason.permanent === false && " Trying again may help."}
          </p>
        </section>
      )}
      {contradicted && (
        <section class="why">
          <h2>Reports contradict each other</h2>
          <p>
            A failure and a delivery were reported for the same message. Delivered or better stands, since it
            is evidence from the recipient’s side; both reports are in the timeline.
          </p>
        </section>
      )}
      {partsTotal > 1 && (
        <section class="why">
          <h2>
            {parts.length} of {partsTotal} parts are known
          </h2>
          <p>
            {partial
              ? `The parts differ. The message shows ${wordOf(status).toLowerCase()}: a part that failed, else the one that is least far.`
              : "All known parts show the same."}
          </p>
          <ul class="parts">
            {parts.map((part) => (
              <li key={part.number}>
                <span class="soft">Part {part.number}</span> <StatusMark status={part.status} />
                {part.contradicted && <span class="tag">contradicted</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {deletedAt !== null && <p class="why">It was deleted after sending.</p>}
      {overflow > 0 && (
        <p class="why">
          {overflow} more {overflow === 1 ? "event was" : "events were"} counted and not kept: the message has
          too many.
        </p>
      )}
    </>
  );
}
