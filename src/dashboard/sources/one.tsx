/** One source: the address to paste, a line to try it with, whether webhooks arrive, and what can be changed. */
import { useLayoutEffect, useState } from "preact/hooks";
import { listProviders, readSource, type Source } from "../api/sources.ts";
import type { PageProps } from "../pages.ts";
import { CopyBlock } from "../parts/copy.tsx";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { SecretDialog } from "../parts/secret.tsx";
import { Ago, Moment } from "../parts/time.tsx";
import { useResource } from "../state/resource.ts";
import { may } from "../state/session.ts";
import { describe } from "./authFields.tsx";
import { Arrival } from "./arrival.tsx";
import { curlFor } from "./curl.ts";
import { asDemo, freshSource, secretsOf } from "./fresh.ts";
import { SourceSettings } from "./settings.tsx";

export function SourcePage({ parts }: PageProps) {
  const [id = ""] = parts;
  const source = useResource(id, (signal) => readSource(id, signal));
  const fresh = freshSource.value?.id === id ? freshSource.value : null;
  const [seen, setSeen] = useState<typeof fresh>(null);
  useLayoutEffect(
    () => () => {
      freshSource.value = null;
    },
    [],
  );
  const { value, problem } = source;
  const secrets = fresh === null ? [] : secretsOf(fresh);
  return (
    <PageFrame
      title={value?.name ?? id}
      intro={
        <p class="crumbs">
          <a href="/sources">Sources</a> / <span class="mono">{id}</span>
        </p>
      }
    >
      {value === null && problem === null && <Loading what="the source" />}
      {problem?.status === 404 && (
        <Empty title="There is no such source">
          <p>
            It may be deleted. <a href="/sources">See all sources</a>.
          </p>
        </Empty>
      )}
      {problem !== null && problem.status !== 404 && (
        <ProblemNotice problem={problem} onRetry={source.reload} />
      )}
      {value !== null && (
        <>
          <Arrival source={value} reload={source.reload} />
          <Connect source={value} />
          <Counts source={value} />
          {may("sources:write") && (
            <SourceSettings source={value} onChange={source.set} reload={source.reload} />
          )}
        </>
      )}
      {secrets.length > 0 && fresh !== seen && (
        <SecretDialog title="The source’s secret" secrets={secrets} onClose={() => setSeen(fresh)} />
      )}
    </PageFrame>
  );
}

/** With the secrets while they are known, so that the line works as it stands. */
function Connect({ source }: { readonly source: Source }) {
  const fresh = freshSource.value?.id === source.id ? freshSource.value : null;
  const known = fresh ?? asDemo(source);
  const providers = useResource("providers", listProviders);
  const provider = providers.value?.data.find(({ name }) => name === source.provider);
  const curl = curlFor(source.provider, known.ingestUrl, known.auth);
  return (
    <section class="card" aria-labelledby="connect-title">
      <h2 id="connect-title">Connect it</h2>
      <div>
        <p class="label">Address to paste at {provider?.title ?? source.provider}</p>
        <CopyBlock text={known.ingestUrl} what="the address" />
      </div>
      {provider !== undefined && <p>{provider.setup}</p>}
      <p class="soft">
        What lets a webhook in: {source.auth.map(describe).join(" and ")}.
        {source.previousAuthUntil !== null && (
          <>
            {" "}
            The credentials before hold until <Moment time={source.previousAuthUntil} />.
          </>
        )}
      </p>
      <div>
        <p class="label">{curl.lines === null ? "Try it" : "Try it from a shell"}</p>
        {curl.lines !== null && <CopyBlock text={curl.lines} what="the curl line" />}
        {curl.note !== null && <p class="field-note">{curl.note}</p>}
      </div>
    </section>
  );
}

function Counts({ source }: { readonly source: Source }) {
  const { received, refused, rejected, ignored } = source.counts;
  const figures = [
    { name: "Received", count: received, meaning: "answered 200" },
    { name: "Refused", count: refused, meaning: "no or a wrong credential" },
    { name: "Rejected", count: rejected, meaning: "could not be read" },
    { name: "Ignored", count: ignored, meaning: "about something else" },
  ];
  return (
    <section aria-labelledby="counts-title">
      <h2 id="counts-title">What came in</h2>
      <dl class="figures-row">
        {figures.map(({ name, count, meaning }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
            <dd class="soft small">{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">
        {source.lastReceivedAt !== null && (
          <>
            Last webhook <Ago time={source.lastReceivedAt} />.{" "}
          </>
        )}
        {rejected > 0 && (
          <a href={`/rejected?source=${encodeURIComponent(source.id)}`}>See what was rejected</a>
        )}
      </p>
    </section>
  );
}
