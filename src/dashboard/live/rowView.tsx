/** One message in the live table. Drawn again only when the message changed. */
import { useMemo } from "preact/hooks";
import { Recipient } from "../parts/recipient.tsx";
import { StatusMark } from "../parts/status.tsx";
import { Age } from "../parts/time.tsx";
import { reasonLine } from "../words/reason.ts";
import { showsFailure } from "../words/status.ts";
import type { Row } from "./row.ts";

interface LiveRowProps {
  readonly row: Row;
  readonly href: string;
  /** One row of the table can be reached by Tab, the others from it by arrow keys. */
  readonly isTabStop: boolean;
}

export function LiveRow({ row, href, isTabStop }: LiveRowProps) {
  return useMemo(
    () => (
      <tr role="row" class="row" data-key={row.key}>
        <td role="cell" class="cell-status">
          <StatusMark status={row.status} />
        </td>
        <td role="cell" class="cell-id">
          <a class="row-link" href={href} tabIndex={isTabStop ? 0 : -1}>
            {row.messageId}
          </a>
        </td>
        <td role="cell" class="cell-recipient">
          <Recipient recipient={row.recipient} />
        </td>
        <td role="cell" class="cell-through">
          {row.provider}
          {row.channel !== null && <span class="soft"> · {row.channel}</span>}
        </td>
        <td role="cell" class="cell-reason">
          {row.reason !== null && <span class="reason">{reasonLine(row.reason)}</span>}
          {row.reason === null && showsFailure(row.status) && <span class="soft">no reason given</span>}
          {row.contradicted && <span class="tag">contradicted</span>}
          {row.partial && <span class="tag">parts differ</span>}
        </td>
        <td role="cell" class="cell-age">
          <Age time={row.lastReceivedAt} />
        </td>
      </tr>
    ),
    [row, href, isTabStop],
  );
}
