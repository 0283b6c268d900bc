/** One subscription: how it goes, what it was sent, and everything that can be done with it. */
import { useState } from "preact/hooks";
import type { Replay, SubscriptionView } from "../../model/subscription.ts";
import { readStats, readSubscription } from "../api/subscriptions.ts";
import type { PageProps } from "../pages.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { SecretDialog } from "../parts/secret.tsx";
import { useResource } from "../state/resource.ts";
import { may } from "../state/session.ts";
import { filterSentence } from "../words/filter.ts";
import { Actions } from "./actions.tsx";
import { DeliveryLog } from "./deliveryLog.tsx";
import { freshSecret } from "./fresh.ts";
import { ReplayProgress } from "./replayProgress.tsx";
import { SubscriptionState } from "./state.tsx";
import { Stats } from "./stats.tsx";

export function SubscriptionPage({ parts }: PageProps) {
  const [id = ""] = parts;
  const subscription = useResource(id, (signal) => readSubscription(id, signal));
  const stats = useResource(id, (signal) => readStats(id, signal));
  const [replay, setReplay] = useState<Replay | null>(null);
  // Counts what was done here, so that the log is read again.
  const [round, setRound] = useState(0);
  const { value, problem } = subscription;
  const refresh = () => {
    setRound((count) => count + 1);
    stats.reload();
    subscription.reload();
  };
  const secret = freshSecret.value?.id === id ? freshSecret.value.signingSecret : null;
  return (
    <PageFrame
      title={value?.name ?? id}
      intro={
        <p class="crumbs">
          <a href="/subscriptions">Subscriptions</a> / <span class="mono">{id}</span>
        </p>
      }
      actions={value !== null && <SubscriptionState subscription={value} />}
    >
      {value === null && problem === null && <Loading what="the subscription" />}
      {problem?.status === 404 && (
        <Empty title="There is no such subscription">
          <p>
            It may be deleted. <a href="/subscriptions">See all subscriptions</a>.
          </p>
        </Empty>
      )}
      {problem !== null && problem.status !== 404 && (
        <ProblemNotice problem={problem} onRetry={subscription.reload} />
      )}
      {value !== null && (
        <>
          <Summary subscription={value} />
          {may("subscriptions:write") && (
            <Actions
              subscription={value}
              onChange={subscription.set}
              onReplay={setReplay}
              onRefresh={refresh}
            />
          )}
          {replay !== null && <ReplayProgress key={replay.id} replay={replay} onProgress={refresh} />}
          {stats.value !== null && <Stats stats={stats.value} />}
          <DeliveryLog subscription={id} round={round} onChange={refresh} />
        </>
      )}
      {secret !== null && (
        <SecretDialog
          title="The signing secret"
          secrets={[{ label: "Signing secret", value: secret }]}
          onClose={() => {
            freshSecret.value = null;
          }}
        />
      )}
    </PageFrame>
  );
}

function Summary({ subscription }: { readonly subscription: SubscriptionView }) {
  const { url, format, filter, disabledReason, scenario, timeoutSeconds, ratePerSecond, headers } =
    subscription;
  const names = Object.keys(headers);
  return (
    <section class="card">
      {disabledReason !== null && (
        <div class="notice notice-failed">
          <p class="notice-title">We switched it off</p>
          <p>
            {disabledReason} Mend the endpoint, switch the subscription on again, then replay what is missing.
          </p>
        </div>
      )}
      <p class="mono breakable">{url}</p>
      <p class="soft">
        {filterSentence(filter)}. {scenario === null ? `Format: ${format}` : "An imported scenario"},{" "}
        {timeoutSeconds} s to answer
        {ratePerSecond !== null && `, at most ${ratePerSecond} a second`}
        {names.length > 0 && `, with the headers ${names.join(", ")}`}.
      </p>
    </section>
  );
}
