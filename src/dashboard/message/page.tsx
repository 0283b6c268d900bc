/** One message: its ticks, why it failed, everything that was heard of it, and where that was delivered. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Status } from "../../model/status.ts";
import { readMessage } from "../api/messages.ts";
import type { PageProps } from "../pages.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { CopyButton } from "../parts/copy.tsx";
import { announce } from "../state/announce.ts";
import { followMessage } from "../state/feed.ts";
import { useResource } from "../state/resource.ts";
import { may } from "../state/session.ts";
import { wordOf } from "../words/status.ts";
import { ConnectionMark } from "../live/connection.tsx";
import { Deliveries } from "./deliveries.tsx";
import { Facts } from "./facts.tsx";
import { Line } from "./line.tsx";
import { Why } from "./why.tsx";
import { Timeline } from "./timeline.tsx";

export function MessagePage({ parts }: PageProps) {
  const [source = "", messageId = ""] = parts;
  const name = `${source}/${messageId}`;
  const message = useResource(name, (signal) => readMessage(source, messageId, signal));
  const live = may("feed:read");
  useEffect(() => {
    if (!live) return;
    const follower = followMessage({
      source,
      messageId,
      onMessage: (current) => {
        if (current !== null) message.set(current);
      },
      onEvents: message.reload,
    });
    return follower.close;
  }, [name, live]);
  const status = message.value?.status ?? null;
  const told = useRef<Status | null>(null);
  useLayoutEffect(() => {
    // What the page shows when it opens is read anyway.
    const isNews = status !== null && told.current !== null;
    if (isNews) announce(`Now ${wordOf(status).toLowerCase()}.`, { seen: false });
    told.current = status;
  }, [status]);
  const { value, problem } = message;
  return (
    <PageFrame
      title={`Message ${messageId}`}
      heading={<span class="message-id">{messageId}</span>}
      intro={
        <p class="crumbs">
          <a href="/">Live</a> / {value === null ? source : `${value.provider}, ${source}`}
        </p>
      }
      actions={
        <>
          <CopyButton text={messageId} what="the message id" />
          <ConnectionMark live={live} />
        </>
      }
    >
      {value === null && problem === null && <Loading what="the message" />}
      {value === null && problem?.status === 404 && <NotYet />}
      {problem !== null && problem.status !== 404 && (
        <ProblemNotice problem={problem} onRetry={message.reload} />
      )}
      {value !== null && (
        <>
          <Line message={value} />
          <Why message={value} />
          <div class="message-columns">
            <Timeline message={value} />
            <Facts message={value} />
          </div>
          {may("subscriptions:read") && (
            <Deliveries source={source} messageId={messageId} version={value.version} />
          )}
        </>
      )}
    </PageFrame>
  );
}

function NotYet() {
  return (
    <Empty title="Nothing is known of this message yet">
      <p>
        This page fills by itself as soon as the provider reports. If it stays empty, check the id and whether
        the source’s webhooks arrive.
      </p>
      <p>
        <a class="button" href="/">
          Back to the live table
        </a>
      </p>
    </Empty>
  );
}
