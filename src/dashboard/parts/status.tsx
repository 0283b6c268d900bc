/** A status as it is shown everywhere: shape, word and tone. */
import type { Status } from "../../model/status.ts";
import { statusWords } from "../words/status.ts";
import { Glyph } from "./glyph.tsx";

export function StatusMark({
  status,
  size = "normal",
}: {
  readonly status: Status;
  readonly size?: "normal" | "large";
}) {
  const { word, glyph, tone, meaning } = statusWords[status];
  return (
    <span class={`status tone-${tone} status-${size}`} title={meaning}>
      <Glyph name={glyph} />
      <span class="status-word">{word}</span>
    </span>
  );
}
