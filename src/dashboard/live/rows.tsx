/** The rows of the live table: keyed, so that a row moves instead of being drawn anew. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { messageHref } from "../parts/links.ts";
import { LiveRow } from "./rowView.tsx";
import { glide, topsOf } from "./motion.ts";
import type { Drawing } from "./easel.ts";

interface LiveRowsProps {
  readonly drawing: Drawing;
  /** Whether the focus is in the table: then it must not move under the reader. */
  readonly onReading: (reading: boolean) => void;
  readonly onPause: () => void;
}

const columns = ["Status", "Message", "Recipient", "Through", "Reason", "Age"];

export function LiveRows({ drawing, onReading, onPause }: LiveRowsProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const tops = useRef<ReadonlyMap<string, number>>(new Map());
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const { rows, changed } = drawing;
  useLayoutEffect(() => {
    if (body.current === null) return;
    const before = tops.current;
    // Measuring costs a layout: only where few rows moved.
    tops.current = changed === null ? new Map() : topsOf(body.current);
    if (changed !== null) glide(body.current, before, tops.current, changed);
  }, [drawing]);
  const tabKey = rows.some(({ key }) => key === activeKey) ? activeKey : rows[0]?.key;
  return (
    <table class="table live-table" role="table">
      <caption class="unseen">Messages, newest activity first. Arrow keys move between rows.</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody
        ref={body}
        role="rowgroup"
        onFocusIn={(focus) => {
          onReading(true);
          setActiveKey(rowOf(focus.target)?.dataset["key"] ?? null);
        }}
        onFocusOut={(focus) => {
          if (!focus.currentTarget.contains(asNode(focus.relatedTarget))) onReading(false);
        }}
        onKeyDown={(press) => {
          if (press.key === "p" && !press.ctrlKey && !press.metaKey && !press.altKey) onPause();
          if (moveFocus(press.key, press.target)) press.preventDefault();
        }}
      >
        {rows.map((row) => (
          <LiveRow
            key={row.key}
            row={row}
            href={messageHref(row.source, row.messageId)}
            isTabStop={row.key === tabKey}
          />
        ))}
      </tbody>
    </table>
  );
}

/** True if the key was one of ours. */
function moveFocus(key: string, from: EventTarget | null): boolean {
  const row = rowOf(from);
  if (row === null) return false;
  switch (key) {
    case "ArrowDown":
      return focusRow(row.nextElementSibling);
    case "ArrowUp":
      return focusRow(row.previousElementSibling);
    case "Home":
      return focusRow(row.parentElement?.firstElementChild);
    case "End":
      return focusRow(row.parentElement?.lastElementChild);
    case "Escape":
      document.getElementById("pause")?.focus();
      return true;
    default:
      return false;
  }
}

function focusRow(row: Element | null | undefined): boolean {
  row?.querySelector("a")?.focus();
  return true;
}

function rowOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest("tr") : null;
}

function asNode(target: EventTarget | null): Node | null {
  return target instanceof Node ? target : null;
}
