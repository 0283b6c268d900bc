/** The pages of /docs: whole, without a script, and without a link that leads nowhere. */
import { describe, expect, test } from "vitest";
import { guideHtml } from "../../../src/reference/site/guide.ts";
import { sitePages } from "../../../src/reference/site/pages.ts";
import { operations } from "../../../src/reference/operations.ts";

const pages = sitePages([
  {
    file: "providers.md",
    markdown: "# Providers\n\n[Meta](providers/meta.md), [why](decisions/0001.md)\n\n## One more",
  },
  {
    file: "providers/meta.md",
    markdown: "# Meta\n\n[all](../providers.md#one-more) <script>alert(1)</script>",
  },
]);

test("every operation stands on the page of the reference, and in its navigation", () => {
  const reference = pages.get("docs.html") ?? "";
  for (const { id } of operations) {
    expect(reference).toContain(`<article id="${id}"`);
    expect(reference).toContain(`<li><a href="#${id}"`);
  }
});

describe.each([...pages])("%s", (name, html) => {
  test("needs no script, no inline style and no other host", () => {
    expect(html).not.toMatch(/<script|\sstyle=|\son\w+=/i);
    expect([...html.matchAll(/<(?:link|img)[^>]+(?:href|src)="([^"]+)"/g)].map((match) => match[1])).toEqual([
      "/favicon.svg",
      "/docs/reference.css",
    ]);
  });

  test("has no link that leads nowhere", () => {
    const targets = [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map((match) => String(match[1]));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !leadsSomewhere(name, target))).toEqual([]);
  });

  test("uses each anchor once", () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test("a link to a document that is not published keeps its words", () => {
  const html = guideHtml({ file: "a.md", markdown: "see [why](decisions/0001.md)" }, new Set());
  expect(html).toContain("see why");
});

function leadsSomewhere(from: string, target: string): boolean {
  if (["/", "/openapi.json", "/asyncapi.json"].includes(target) || target.startsWith("https:")) return true;
  const [path = "", anchor] = target.split("#");
  const html = pages.get(path === "" ? from : `${path.slice(1)}.html`);
  return html !== undefined && (anchor === undefined || html.includes(`id="${anchor}"`));
}
