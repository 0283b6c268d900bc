/** The plain facts of a message. */
import type { ComponentChildren } from "preact";
import type { Message } from "../../model/message.ts";
import { CopyButton } from "../parts/copy.tsx";
import { groupHref, sourceHref } from "../parts/links.ts";
import { Recipient } from "../parts/recipient.tsx";
import { Moment } from "../parts/time.tsx";
import { recipientsShown, toggleRecipients } from "../state/preferences.ts";
import { may } from "../state/session.ts";

export function Facts({ message }: { readonly message: Message }) {
  const { source, group, aliases, metadata, recipient } = message;
  const hasMetadata = Object.keys(metadata).length > 0;
  return (
    <section class="facts" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl>
        <Fact name="Recipient">
          <Recipient recipient={recipient} />
          {recipient !== null && (
            <button
              type="button"
              class="button button-small"
              aria-pressed={recipientsShown.value}
              onClick={toggleRecipients}
            >
              {recipientsShown.value ? "Mask" : "Show"}
            </button>
          )}
        </Fact>
        <Fact name="Channel">{message.channel ?? <span class="soft">not told</span>}</Fact>
        <Fact name="Source">{may("sources:read") ? <a href={sourceHref(source)}>{source}</a> : source}</Fact>
        {group !== null && (
          <Fact name="Group">
            <a href={groupHref(source, group)}>{group}</a>
          </Fact>
        )}
        {aliases.map((alias) => (
          <Fact key={alias} name="Also known as">
            <span class="mono">{alias}</span> <CopyButton text={alias} what="the alias" />
          </Fact>
        ))}
        <Fact name="First heard">
          <Moment time={message.firstReceivedAt} />
        </Fact>
        <Fact name="Last heard">
          <Moment time={message.lastReceivedAt} />
        </Fact>
        <Fact name="Events">
          {message.version}
          {message.duplicates > 0 &&
            `, and ${message.duplicates} ${message.duplicates === 1 ? "repeat" : "repeats"}`}
        </Fact>
        <Fact name="Final">{message.final ? "yes, nothing more is expected" : "not yet"}</Fact>
      </dl>
      {hasMetadata && (
        <details>
          <summary>Metadata</summary>
          <pre tabIndex={0} role="region" aria-label="Metadata">
            {JSON.stringify(metadata, null, 2)}
          </pre>
        </details>
      )}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
