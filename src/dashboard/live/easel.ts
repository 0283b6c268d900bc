/** Draws the newest rows at most once a frame, and under load less often: nobody reads sixty tables a second. */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type { Row } from "./row.ts";
import { newestOf, type Shelf } from "./shelf.ts";

/** Rows on the screen; more than anybody reads, and few enough to draw in a frame. */
export const rowsMax = 150;
const busyChanges = 20;
/** The more changed in a drawing, the longer the next one waits. */
const pausePerChangeMs = 10;
const pauseMsMax = 250;
/** What fits on a large screen; the rows below come back as soon as it is calmer. */
const busyRows = 60;

export interface Drawing {
  readonly rows: readonly Row[];
  /** Keys of the rows that differ from the drawing before; null: too many to point at. */
  readonly changed: ReadonlySet<string> | null;
}

export interface Easel {
  readonly drawing: ReadonlySignal<Drawing | null>;
  /** Messages that changed while it was held. */
  readonly waiting: ReadonlySignal<number>;
  readonly hold: (held: boolean) => void;
  readonly schedule: () => void;
  readonly close: () => void;
}

export function openEasel(shelf: Shelf): Easel {
  const drawing = signal<Drawing | null>(null);
  const waiting = signal(0);
  let held = false;
  let frame = 0;
  let notBeforeMs = 0;

  const schedule = () => {
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  const draw = () => {
    frame = 0;
    const { changed } = shelf;
    if (held && drawing.value !== null) waiting.value = changed.size;
    else if (performance.now() < notBeforeMs) schedule();
    else {
      const isBusy = changed.size > busyChanges;
      notBeforeMs = performance.now() + Math.min(changed.size * pausePerChangeMs, pauseMsMax);
      const pointAt = isBusy || drawing.value === null ? null : new Set(changed);
      batch(() => {
        drawing.value = { rows: newestOf(shelf).slice(0, isBusy ? busyRows : rowsMax), changed: pointAt };
        waiting.value = 0;
      });
      changed.clear();
      if (isBusy) schedule();
    }
  };
  return {
    drawing,
    waiting,
    schedule,
    hold: (next) => {
      if (held === next) return;
      held = next;
      if (drawing.value !== null) schedule();
    },
    close: () => cancelAnimationFrame(frame),
  };
}
