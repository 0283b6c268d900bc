/** Webhooks that proved themselves and could not be read: what was wrong, and another try. */
import { listRejected, type RejectedSummary } from "../api/rejected.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { rejectedHref } from "../parts/links.ts";
import { MoreButton, useListing } from "../parts/pager.tsx";
import { PageFrame } from "../parts/page.tsx";
import { Ago } from "../parts/time.tsx";
import { search } from "../state/address.ts";

export function RejectedPage() {
  const source = search.value.get("source");
  const listing = useListing(`rejected ${source ?? ""}`, (cursor, signal) =>
    listRejected(source, cursor, signal),
  );
  const { items, problem } = listing;
  return (
    <PageFrame
      title="Rejected webhooks"
      intro={
        <p>
          They came with the right credentials and could not be read. They are kept, so that nothing is lost.
          {source !== null && (
            <>
              {" "}
              Only of <span class="mono">{source}</span>. <a href="/rejected">Show all</a>
            </>
          )}
        </p>
      }
    >
      {problem !== null && <ProblemNotice problem={problem} onRetry={listing.reload} />}
      {items === null && problem === null && <Loading what="rejected webhooks" />}
      {items?.length === 0 && (
        <Empty title="Nothing was rejected">
          <p>
            All that providers sent could be read. What cannot will be kept here, with the fault and its
            place.
          </p>
        </Empty>
      )}
      {items !== null && items.length > 0 && <RejectedTable rows={items} />}
      <MoreButton more={listing.more} />
    </PageFrame>
  );
}

const columns = ["What was wrong", "Source", "Times", "Last"];

function RejectedTable({ rows }: { readonly rows: readonly RejectedSummary[] }) {
  return (
    <table class="table" role="table">
      <caption class="unseen">Rejected webhooks</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col" class={name === "Times" ? "number" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.id} role="row">
            <td role="cell">
              <a href={rejectedHref(row.id)}>{row.reason}</a>
              <FirstError row={row} />
            </td>
            <td role="cell" data-label="Source">
              {row.source}
            </td>
            <td role="cell" class="number" data-label="Times">
              {row.count}
            </td>
            <td role="cell" data-label="Last">
              <Ago time={row.lastReceivedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FirstError({ row }: { readonly row: RejectedSummary }) {
  const [first, ...more] = row.errors;
  if (first === undefined) return null;
  return (
    <p class="soft small">
      <code>{first.path}</code> {first.message}
      {more.length > 0 && `, and ${more.length} more`}
    </p>
  );
}
