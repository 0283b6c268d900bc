/** Above the table: Pause, what waits meanwhile, and whether recipients are in clear. */
import type { ReadonlySignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { announce } from "../state/announce.ts";
import { recipientsShown, toggleRecipients } from "../state/preferences.ts";
import { rowsMax } from "./easel.ts";

interface TableBarProps {
  readonly paused: boolean;
  /** The focus is in the table, which therefore holds still. */
  readonly reading: boolean;
  readonly waiting: ReadonlySignal<number>;
  readonly rows: number;
  readonly onPause: (paused: boolean) => void;
}

export function TableBar({ paused, reading, waiting, rows, onPause }: TableBarProps) {
  return (
    <div class="table-bar">
      <button id="pause" type="button" class="button" aria-pressed={paused} onClick={() => onPause(!paused)}>
        {paused ? "Resume" : "Pause"}
      </button>
      <WaitingCount waiting={waiting} held={paused || reading} onShow={() => onPause(false)} />
      {reading && !paused && (
        <span class="soft small">Holds still while you are in it. Arrow keys move, Esc leaves.</span>
      )}
      <span class="table-bar-rest">
        <span class="soft small">
          {rows >= rowsMax ? `the newest ${rowsMax}` : `${rows} ${rows === 1 ? "message" : "messages"}`}
        </span>
        <button
          type="button"
          class="button button-small"
          aria-pressed={recipientsShown.value}
          onClick={toggleRecipients}
        >
          {recipientsShown.value ? "Mask recipients" : "Show recipients"}
        </button>
      </span>
    </div>
  );
}

interface WaitingProps {
  readonly waiting: ReadonlySignal<number>;
  readonly held: boolean;
  readonly onShow: () => void;
}

function WaitingCount({ waiting, held, onShow }: WaitingProps) {
  const count = waiting.value;
  const isFirst = held && count > 0;
  // Once, not for every event: a reader of the screen would never come to rest.
  useEffect(() => {
    if (isFirst) announce("New activity is waiting.", { seen: false });
  }, [isFirst]);
  if (!held || count === 0) return null;
  return (
    <button type="button" class="button button-main waiting" onClick={onShow}>
      {count} new
    </button>
  );
}
