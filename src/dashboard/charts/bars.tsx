/** Counts as bars with their words and figures beside: read at a glance, and by readers of the screen as a list. */
import { Glyph } from "../parts/glyph.tsx";
import type { GlyphName, Tone } from "../words/status.ts";

export interface Bar {
  readonly name: string;
  readonly detail?: string | null;
  readonly count: number;
  readonly tone: Tone;
  readonly glyph?: GlyphName;
  readonly href?: string;
}

interface BarsProps {
  readonly rows: readonly Bar[];
  /** What a full bar stands for. */
  readonly total: number;
}

export function Bars({ rows, total }: BarsProps) {
  return (
    <ul class="bars">
      {rows.map(({ name, detail = null, count, tone, glyph, href }) => (
        <li key={`${name} ${detail ?? ""}`} class={`bar tone-${tone}`}>
          <span class="bar-name">
            {glyph !== undefined && <Glyph name={glyph} />}
            <span>
              {href === undefined ? name : <a href={href}>{name}</a>}
              {detail === null ? null : <span class="soft small"> {detail}</span>}
            </span>
          </span>
          <svg class="bar-track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="bar-rest" width="100" height="10" />
            <rect class="bar-fill" width={total === 0 ? 0 : (100 * count) / total} height="10" />
          </svg>
          <span class="bar-count figures">
            {count} <span class="soft small">{shareText(count, total)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

export function shareText(count: number, total: number): string {
  if (total === 0) return "–";
  const share = (100 * count) / total;
  return share > 0 && share < 1 ? "< 1 %" : `${Math.round(share)} %`;
}
