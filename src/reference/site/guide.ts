/** A document of docs/ as a page: links to other documents lead to their pages, and every heading has an anchor. */
import { Marked, type Tokens } from "marked";
import { codeBlock, escapeText, slugOf, tableBlock } from "./markup.ts";

export interface Guide {
  /** Below docs/, like `providers/meta.md`. */
  readonly file: string;
  readonly markdown: string;
}

export function guidePath(file: string): string {
  return `/docs/${file.replace(/\.md$/, "")}`;
}

export function guideTitle({ file, markdown }: Guide): string {
  const heading = /^# (.+)$/m.exec(markdown)?.[1] ?? file;
  return heading.replaceAll("`", "");
}

/** `files` are those that have a page; a link to any other file keeps its words and leads nowhere. */
export function guideHtml({ file, markdown }: Guide, files: ReadonlySet<string>): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${slugOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const words = this.parser.parseInline(tokens);
        const target = targetOf(file, href, files);
        return target === null ? words : `<a href="${escapeText(target)}">${words}</a>`;
      },
      code({ text, lang }: Tokens.Code) {
        return codeBlock(text, lang === undefined || lang === "" ? "Code" : `Code, ${lang}`);
      },
      table(token: Tokens.Table) {
        const cells = (row: readonly Tokens.TableCell[], tag: string): string =>
          row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("");
        const isHeaded = token.header.some((cell) => cell.text !== "");
        const head = isHeaded ? `<thead><tr>${cells(token.header, "th")}</tr></thead>` : "";
        const rows = token.rows.map((row) => `<tr>${cells(row, "td")}</tr>`);
        return tableBlock(`${head}<tbody>${rows.join("")}</tbody>`, "Table");
      },
      html({ text }: Tokens.HTML | Tokens.Tag) {
        return /^<br ?\/?>$/.test(text.trim()) ? "<br>" : escapeText(text);
      },
    },
  });
  return `<article class="guide">${marked.parse(markdown, { async: false })}</article>`;
}

function targetOf(file: string, href: string, files: ReadonlySet<string>): string | null {
  if (/^(?:https?:|#|\/)/.test(href)) return href;
  const { pathname, hash } = new URL(href, `https://docs/${file}`);
  const target = decodeURIComponent(pathname).slice(1);
  return files.has(target) ? guidePath(target) + hash : null;
}
