/** One rejected webhook: each fault with its place, the payload as it came, and another try. */
import { useState } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import { deleteRejected, readRejected, type Rejected, replayRejected } from "../api/rejected.ts";
import type { PageProps } from "../pages.ts";
import { CopyBlock } from "../parts/copy.tsx";
import { ConfirmDialog } from "../parts/dialog.tsx";
import { sourceHref } from "../parts/links.ts";
import { Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { Moment } from "../parts/time.tsx";
import { navigate } from "../state/address.ts";
import { announce } from "../state/announce.ts";
import { useResource } from "../state/resource.ts";
import { may } from "../state/session.ts";
import { inBackground } from "../state/background.ts";

export function RejectedWebhookPage({ parts }: PageProps) {
  const [id = ""] = parts;
  const { value, problem, reload } = useResource(id, (signal) => readRejected(id, signal));
  return (
    <PageFrame
      title={value?.reason ?? "Rejected webhook"}
      intro={
        <p class="crumbs">
          <a href="/rejected">Rejected</a> / <span class="mono">{id}</span>
        </p>
      }
    >
      {problem !== null && <ProblemNotice problem={problem} onRetry={reload} />}
      {value === null && problem === null && <Loading what="the webhook" />}
      {value !== null && <Details rejected={value} />}
    </PageFrame>
  );
}

function Details({ rejected }: { readonly rejected: Rejected }) {
  const { source, count, firstReceivedAt, lastReceivedAt, errors, truncated, bodyBytes, headers } = rejected;
  return (
    <>
      <p>
        From <a href={sourceHref(source)}>{source}</a>, {count === 1 ? "once" : `${count} times`}:{" "}
        <Moment time={firstReceivedAt} />
        {count > 1 && (
          <>
            {" "}
            to <Moment time={lastReceivedAt} />
          </>
        )}
        .
      </p>
      {errors.length > 0 && (
        <section class="card" aria-labelledby="faults-title">
          <h2 id="faults-title">What is wrong</h2>
          <ul class="faults">
            {errors.map(({ path, message }) => (
              <li key={path + message}>
                <code>{path === "" ? "body" : path}</code> {message}
              </li>
            ))}
          </ul>
        </section>
      )}
      {may("sources:write") && <Actions rejected={rejected} />}
      <section aria-labelledby="payload-title">
        <h2 id="payload-title">Payload</h2>
        {truncated && <p class="soft">It has {bodyBytes} bytes; the first 256 KiB are kept.</p>}
        <CopyBlock text={prettyOf(rejected)} what="the payload" />
      </section>
      <details>
        <summary>Headers</summary>
        <CopyBlock
          text={Object.entries(headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join("\n")}
          what="the headers"
        />
      </details>
    </>
  );
}

function Actions({ rejected }: { readonly rejected: Rejected }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [deleting, setDeleting] = useState(false);
  const replay = async () => {
    const answer = await replayRejected(rejected.id);
    if (!answer.ok) return setProblem(answer.problem);
    announce("It could be read this time, and is recorded.");
    navigate("/rejected");
  };
  const remove = async () => {
    const answer = await deleteRejected(rejected.id);
    setDeleting(false);
    if (!answer.ok) return setProblem(answer.problem);
    announce("Deleted.");
    navigate("/rejected");
  };
  return (
    <>
      {problem !== null && <ProblemNotice problem={problem} />}
      <div class="form-actions">
        {rejected.replayable && (
          <button type="button" class="button button-main" onClick={() => inBackground(replay())}>
            Try again to read it
          </button>
        )}
        <button type="button" class="button button-danger" onClick={() => setDeleting(true)}>
          Delete
        </button>
      </div>
      {!rejected.replayable && (
        <p class="soft">It was too long to be kept whole, so it cannot be tried again.</p>
      )}
      {deleting && (
        <ConfirmDialog
          title="Delete this webhook?"
          action="Delete"
          onConfirm={() => inBackground(remove())}
          onClose={() => setDeleting(false)}
        >
          <p>What it said is then lost here. The provider may still have it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** JSON laid out; anything else as it came. */
function prettyOf({ body, bodyEncoding }: Rejected): string {
  if (bodyEncoding === "base64") return body;
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
