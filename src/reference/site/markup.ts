/** Text into HTML: what is written in the reference is Markdown of one line, everything else is escaped. */
import { Marked } from "marked";

const inlineMarkdown = new Marked();

export function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Code, emphasis and links of one line or paragraph. */
export function inline(markdown: string): string {
  return inlineMarkdown.parseInline(escapeOutsideCode(markdown), { async: false });
}

/** `Read one message` → `read-one-message`. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "");
}

/** A block of code that does not break lines, and can be scrolled with the keyboard. */
export function codeBlock(text: string, label: string): string {
  return `<pre tabindex="0" aria-label="${escapeText(label)}"><code>${escapeText(text)}</code></pre>`;
}

/** Wide tables scroll by themselves, so that the page never does. */
export function tableBlock(rows: string, label: string): string {
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escapeText(label)}"><table>${rows}</table></div>`;
}

/** Our texts name `<key>`s outside of code, too. */
function escapeOutsideCode(markdown: string): string {
  return markdown
    .split("`")
    .map((text, index) => (index % 2 === 0 ? text.replaceAll("<", "&lt;") : text))
    .join("`");
}
