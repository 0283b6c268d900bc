/** The shapes of the statuses, drawn so that each is told from the others without its colour. */
import type { ComponentChildren } from "preact";
import type { GlyphName } from "../words/status.ts";

const circle = <circle cx="10" cy="10" r="7.25" />;
const octagon = "M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7z";

const shapes: Readonly<Record<GlyphName, ComponentChildren>> = {
  clock: (
    <>
      {circle}
      <path d="M10 6v4.2l2.6 1.6" />
    </>
  ),
  dots: <path class="glyph-dots" d="M4 10h.01M10 10h.01M16 10h.01" />,
  ring: <circle cx="10" cy="10" r="6" />,
  tick: <path d="M4 10.6 8.2 14.8 16 5.6" />,
  ticks: <path d="M1 10.9 4.9 14.8 12.1 5.8M9 13.9l.8.9L17.8 5.8" />,
  ticksFilled: (
    <>
      <rect class="glyph-solid" x="0.5" y="2.5" width="19" height="15" rx="4.5" />
      <path class="glyph-cut" d="M3.4 10.6 6.3 13.5 11.7 6.8M9.6 12.7l.8.8L16.4 6.8" />
    </>
  ),
  playFilled: (
    <>
      <rect class="glyph-solid" x="0.5" y="2.5" width="19" height="15" rx="4.5" />
      <path class="glyph-cut-solid" d="M7.6 6.4v7.2l6-3.6z" />
    </>
  ),
  question: (
    <>
      <circle cx="10" cy="10" r="7.75" stroke-dasharray="2.6 2.2" />
      <path d="M8 8.1a2.1 2.1 0 1 1 3.1 1.9c-.8.4-1.1.7-1.1 1.4M10 13.7h.01" />
    </>
  ),
  slash: (
    <>
      {circle}
      <path d="M4.9 15.1 15.1 4.9" />
    </>
  ),
  minus: (
    <>
      {circle}
      <path d="M6.4 10h7.2" />
    </>
  ),
  hourglass: (
    <path d="M5 2.8h10M5 17.2h10M6.4 2.8c0 4.2 7.2 5.4 7.2 7.2s-7.2 3-7.2 7.2M13.6 2.8c0 4.2-7.2 5.4-7.2 7.2s7.2 3 7.2 7.2" />
  ),
  cross: (
    <>
      <path class="glyph-solid" d={octagon} />
      <path class="glyph-cut" d="m7 7 6 6M13 7l-6 6" />
    </>
  ),
  pencil: <path d="m4 16 .9-3.6 8.6-8.6 2.7 2.7-8.6 8.6z" />,
  bin: <path d="M3.8 5.8h12.4M7.8 5.8V3.6h4.4v2.2M5.4 5.8l.8 10.6h7.6l.8-10.6" />,
  switch: <path d="M3.5 7h12l-3-3M16.5 13h-12l3 3" />,
  pointer: <path d="m5 3 10.4 8.2-4.6.6 2.6 4.8-1.9 1-2.5-4.9L5.8 16z" />,
  shield: <path d="M10 2.4 16 4.7v4.5c0 4-2.6 6.7-6 8.2-3.4-1.5-6-4.2-6-8.2V4.7zM7.3 9.8l2 2 3.5-3.9" />,
  unknown: (
    <>
      <rect x="2.75" y="2.75" width="14.5" height="14.5" rx="2" stroke-dasharray="2.4 2.2" />
      <path d="M8 8.1a2.1 2.1 0 1 1 3.1 1.9c-.8.4-1.1.7-1.1 1.4M10 13.7h.01" />
    </>
  ),
};

/** Decoration for readers of the screen: the word always stands beside it. */
export function Glyph({ name }: { readonly name: GlyphName }) {
  return (
    <svg class="glyph" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
