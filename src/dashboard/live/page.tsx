/** The live table: what is flowing now, newest activity first. */
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { Loading, ProblemNotice } from "../parts/notice.tsx";
import { PageFrame } from "../parts/page.tsx";
import { search } from "../state/address.ts";
import { may } from "../state/session.ts";
import { ConnectionMark } from "./connection.tsx";
import { NoMessages } from "./empty.tsx";
import { FilterBar } from "./filterBar.tsx";
import { filterOf } from "./filter.ts";
import { LiveRows } from "./rows.tsx";
import { openTable } from "./table.ts";
import { TableBar } from "./tableBar.tsx";

export function LivePage() {
  const address = search.value.toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(address)), [address]);
  const live = may("feed:read");
  const table = useMemo(() => openTable(filter, live), [filter, live]);
  const [paused, setPaused] = useState(false);
  const [reading, setReading] = useState(false);
  useLayoutEffect(() => () => table.close(), [table]);
  // At once: an event between the press of Pause and the next frame would move the rows.
  useLayoutEffect(() => table.hold(paused || reading), [table, paused, reading]);
  const drawing = table.drawing.value;
  const problem = table.problem.value;
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <PageFrame title="Live" wide actions={<ConnectionMark live={live} />}>
      <FilterBar filter={filter} />
      {problem !== null && <ProblemNotice problem={problem} onRetry={table.reload} />}
      {drawing === null && problem === null && <Loading what="messages" />}
      {drawing !== null && drawing.rows.length === 0 && <NoMessages isFiltered={isFiltered} />}
      {drawing !== null && drawing.rows.length > 0 && (
        <>
          <TableBar
            paused={paused}
            reading={reading}
            waiting={table.waiting}
            rows={drawing.rows.length}
            onPause={setPaused}
          />
          <LiveRows drawing={drawing} onReading={setReading} onPause={() => setPaused(!paused)} />
        </>
      )}
    </PageFrame>
  );
}
