/** All sources: where statuses come from, whether they still do, and how to make another. */
import { useState } from "preact/hooks";
import { listSources, type Source } from "../api/sources.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { MoreButton, useListing } from "../parts/pager.tsx";
import { PageFrame } from "../parts/page.tsx";
import { sourceHref } from "../parts/links.ts";
import { Ago } from "../parts/time.tsx";
import { identity, may } from "../state/session.ts";
import { NewSourceDialog } from "./newSource.tsx";

export function SourcesPage() {
  const listing = useListing("sources", listSources);
  const [making, setMaking] = useState(false);
  const mayMake = may("sources:write") && identity.value?.sources === null;
  const makeButton = mayMake && (
    <button type="button" class="button button-main" onClick={() => setMaking(true)}>
      New source
    </button>
  );
  const { items, problem } = listing;
  return (
    <PageFrame
      title="Sources"
      intro="One account at one provider, with its own address and its own credentials."
      actions={items?.length !== 0 && makeButton}
    >
      {problem !== null && <ProblemNotice problem={problem} onRetry={listing.reload} />}
      {items === null && problem === null && <Loading what="sources" />}
      {items?.length === 0 && (
        <Empty title="No source yet">
          <p>
            Make one for the account at your provider. It gives you the address to paste there, and the
            secret.
          </p>
          {makeButton}
        </Empty>
      )}
      {items !== null && items.length > 0 && <SourceTable sources={items} />}
      <MoreButton more={listing.more} />
      {making && <NewSourceDialog onClose={() => setMaking(false)} />}
    </PageFrame>
  );
}

const columns = ["Name", "Provider", "Last webhook", "Received", "Refused", "Rejected"];

function SourceTable({ sources }: { readonly sources: readonly Source[] }) {
  return (
    <table class="table" role="table">
      <caption class="unseen">Sources</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name, index) => (
            <th key={name} role="columnheader" scope="col" class={index > 2 ? "number" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sources.map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </tbody>
    </table>
  );
}

function SourceRow({ source }: { readonly source: Source }) {
  const { id, name, provider, status, lastReceivedAt, counts } = source;
  return (
    <tr role="row">
      <td role="cell">
        <a href={sourceHref(id)}>{name}</a> {status === "inactive" && <span class="tag">switched off</span>}
        <div class="soft small mono">{id}</div>
      </td>
      <td role="cell" data-label="Provider">
        {provider}
      </td>
      <td role="cell" data-label="Last webhook">
        {lastReceivedAt === null ? (
          <span class="soft">none yet</span>
        ) : (
          <>
            <Ago time={lastReceivedAt} />
          </>
        )}
      </td>
      <td role="cell" class="number" data-label="Received">
        {counts.received}
      </td>
      <td role="cell" class="number" data-label="Refused">
        {counts.refused}
      </td>
      <td role="cell" class="number" data-label="Rejected">
        {counts.rejected > 0 ? (
          <a href={`/rejected?source=${encodeURIComponent(id)}`}>{counts.rejected}</a>
        ) : (
          0
        )}
      </td>
    </tr>
  );
}
