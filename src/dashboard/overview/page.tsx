/** The overview: how much flows, how far it comes, what fails and why, and how fast it is. */
import { useEffect } from "preact/hooks";
import { readOverview } from "../api/overview.ts";
import { Empty, Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { SelectField } from "../parts/field.tsx";
import { search, setSearch } from "../state/address.ts";
import { useResource } from "../state/resource.ts";
import { rangeMs } from "../words/time.ts";
import { Panels } from "./panels.tsx";

const ranges = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "6h", label: "Last 6 hours" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
];
const usualRange = "1h";
/** The figures are made of whole minutes. */
const askEveryMs = 30_000;

export function OverviewPage() {
  const given = search.value.get("since") ?? usualRange;
  const range = ranges.some(({ value }) => value === given) ? given : usualRange;
  const overview = useResource(range, (signal) =>
    readOverview(new Date(Date.now() - (rangeMs(range) ?? 0)).toISOString(), signal),
  );
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) overview.reload();
    }, askEveryMs);
    return () => clearInterval(timer);
  }, []);
  const { value, problem } = overview;
  return (
    <PageFrame
      title="Overview"
      wide
      actions={
        <SelectField
          label="Time"
          name="since"
          value={range}
          choices={ranges}
          onChange={(since) => setSearch({ since: since === usualRange ? null : since })}
        />
      }
    >
      {problem !== null && <ProblemNotice problem={problem} onRetry={overview.reload} />}
      {value === null && problem === null && <Loading what="the figures" />}
      {value !== null && value.totals.events === 0 && value.totals.messages === 0 && (
        <Empty title="Nothing has happened in this time">
          <p>
            Choose a longer time, or <a href="/sources">look whether webhooks arrive</a>.
          </p>
        </Empty>
      )}
      {value !== null && (value.totals.events > 0 || value.totals.messages > 0) && (
        <Panels overview={value} range={range} />
      )}
    </PageFrame>
  );
}
