/** A dispatch or broadcast: how many of its messages show what, and why some failed. */
import { type Group, readGroup } from "../api/messages.ts";
import { Bars } from "../charts/bars.tsx";
import type { PageProps } from "../pages.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { useResource } from "../state/resource.ts";
import { statusesOf, toneOf } from "../words/counts.ts";
import { wordOf, statusWords } from "../words/status.ts";

export function GroupPage({ parts }: PageProps) {
  const [source = "", id = ""] = parts;
  const { value, problem, reload } = useResource(`${source}/${id}`, (signal) =>
    readGroup(source, id, signal),
  );
  const here = `/?source=${encodeURIComponent(source)}&group=${encodeURIComponent(id)}`;
  return (
    <PageFrame
      title={`Group ${id}`}
      heading={<span class="message-id">{id}</span>}
      intro={
        <p class="crumbs">
          <a href="/">Live</a> / {source} / group
        </p>
      }
      actions={
        <>
          <a class="button" href={here}>
            Its messages
          </a>
          <button type="button" class="button" onClick={reload}>
            Refresh
          </button>
        </>
      }
    >
      {value === null && problem === null && <Loading what="the group" />}
      {problem?.status === 404 && (
        <Empty title="Nothing is known of this group yet">
          <p>It appears as soon as the provider reports about one of its messages.</p>
        </Empty>
      )}
      {problem !== null && problem.status !== 404 && <ProblemNotice problem={problem} onRetry={reload} />}
      {value !== null && <Funnel group={value} here={here} />}
    </PageFrame>
  );
}

function Funnel({ group, here }: { readonly group: Group; readonly here: string }) {
  const statuses = statusesOf(group.byStatus);
  return (
    <>
      <section class="card" aria-labelledby="funnel-title">
        <h2 id="funnel-title">
          {group.total} {group.total === 1 ? "message" : "messages"}, by what they show now
        </h2>
        <Bars
          total={group.total}
          rows={statuses.map((status) => ({
            name: wordOf(status),
            count: group.byStatus[status] ?? 0,
            tone: toneOf(status),
            glyph: statusWords[status].glyph,
            href: `${here}&status=${status}`,
          }))}
        />
      </section>
      {group.reasons.length > 0 && (
        <section class="card" aria-labelledby="reasons-title">
          <h2 id="reasons-title">Why they failed</h2>
          <Bars
            total={group.reasons.reduce((sum, { count }) => sum + count, 0)}
            rows={group.reasons.map(({ code, text, count }) => ({
              name: text ?? `Code ${code ?? ""}`,
              detail: text === null ? null : code,
              count,
              tone: "failed" as const,
              ...(code === null ? {} : { href: `${here}&reason=${encodeURIComponent(code)}` }),
            }))}
          />
        </section>
      )}
    </>
  );
}
