/** Volume over time: one column a step, its statuses stacked by tone. Drawn as SVG, so theme and zoom come for free. */
import { byTone } from "../words/counts.ts";
import type { Tone } from "../words/status.ts";
import { axisText, localText } from "../words/time.ts";

export interface Point {
  readonly minute: string;
  readonly byStatus: Readonly<Record<string, number>>;
}

interface ColumnsProps {
  readonly points: readonly Point[];
  readonly since: string;
  readonly until: string;
}

const stack: readonly { readonly tone: Tone; readonly word: string }[] = [
  { tone: "failed", word: "Failed" },
  { tone: "unsure", word: "Unconfirmed" },
  { tone: "read", word: "Read" },
  { tone: "delivered", word: "Delivered" },
  { tone: "sent", word: "Sent" },
  { tone: "waiting", word: "Waiting" },
  { tone: "note", word: "Notes" },
];

const width = 720;
const height = 200;
const columnsMax = 90;

export function Columns({ points, since, until }: ColumnsProps) {
  const columns = gather(points, Date.parse(since), Date.parse(until));
  const most = Math.max(1, ...columns.map(({ total }) => total));
  const step = width / columns.length;
  const used = stack.filter(({ tone }) => columns.some((column) => column.tones[tone] > 0));
  const total = columns.reduce((sum, column) => sum + column.total, 0);
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${total} events; at most ${most} in one column`}
      >
        {columns.map((column, index) => (
          <g key={column.startMs}>
            <title>{`${localText(new Date(column.startMs).toISOString())}: ${column.total} events`}</title>
            <rect class="column-hover" x={index * step} width={step} height={height} />
            {layersOf(column, most).map(({ tone, top, size }) => (
              <rect
                key={tone}
                class={`column tone-${tone}`}
                x={index * step + step * 0.12}
                width={step * 0.76}
                y={top}
                height={size}
              />
            ))}
          </g>
        ))}
      </svg>
      <div class="chart-axis soft small">
        <span>{axisText(since, until)}</span>
        <span>most: {most}</span>
        <span>{axisText(until, since)}</span>
      </div>
      <figcaption class="legend">
        {used.map(({ tone, word }) => (
          <span key={tone} class={`legend-item tone-${tone}`}>
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <rect class="column" width="10" height="10" rx="2" />
            </svg>
            {word} {columns.reduce((sum, column) => sum + column.tones[tone], 0)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface Column {
  readonly startMs: number;
  readonly tones: Readonly<Record<Tone, number>>;
  readonly total: number;
}

/** The steps of the service put together into as many columns as can be told apart. */
function gather(points: readonly Point[], sinceMs: number, untilMs: number): Column[] {
  const minutes = Math.max(1, Math.round((untilMs - sinceMs) / 60_000));
  const count = Math.min(columnsMax, minutes);
  const stepMs = Math.max(1, (untilMs - sinceMs) / count);
  const sums = Array.from({ length: count }, () => new Map<string, number>());
  for (const { minute, byStatus } of points) {
    const index = Math.min(count - 1, Math.max(0, Math.floor((Date.parse(minute) - sinceMs) / stepMs)));
    for (const [status, number] of Object.entries(byStatus)) {
      sums[index]?.set(status, (sums[index].get(status) ?? 0) + number);
    }
  }
  return sums.map((counts, index) => {
    const tones = byTone(Object.fromEntries(counts));
    const total = Object.values(tones).reduce((sum, number) => sum + number, 0);
    return { startMs: sinceMs + index * stepMs, tones, total };
  });
}

function layersOf(column: Column, most: number) {
  let top = height;
  return stack.flatMap(({ tone }) => {
    const size = (column.tones[tone] / most) * (height - 4);
    if (size === 0) return [];
    top -= size;
    return [{ tone, top, size }];
  });
}
