/** The frame of every page: one style sheet, no script, no other host. */
import { version } from "../../model/version.ts";
import { escapeText } from "./markup.ts";

export interface NavigationGroup {
  readonly title: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

export interface PageParts {
  readonly title: string;
  /** As in the address bar, so that the navigation knows where it is. */
  readonly path: string;
  readonly navigation: readonly NavigationGroup[];
  readonly body: string;
}

const mark = `<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" height="32" rx="9"/><path d="M5 17l5 5L20 10M15.5 21.2l.9.8L27 10"/></svg>`;

export function page({ title, path, navigation, body }: PageParts): string {
  const groups = navigation.map((group) => navigationOf(group, path)).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)} · Tickline</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="wordmark" href="/docs">${mark}Tickline <span>docs</span></a>
<nav class="top-links" aria-label="Elsewhere"><a href="/">Dashboard</a><a href="/openapi.json">OpenAPI</a><a href="/asyncapi.json">AsyncAPI</a></nav>
</header>
<div class="frame">
<nav class="side" aria-label="Documentation">
<details class="side-narrow"><summary>Contents</summary>
${groups}
</details>
<div class="side-wide">
${groups}
</div>
</nav>
<main id="main">
${body}
<footer>Tickline ${escapeText(version)}</footer>
</main>
</div>
</body>
</html>
`;
}

function navigationOf({ title, links }: NavigationGroup, path: string): string {
  const items = links.map(({ href, label }) => {
    const here = href === path ? ' aria-current="page"' : "";
    return `<li><a href="${escapeText(href)}"${here}>${escapeText(label)}</a></li>`;
  });
  return `<p class="side-title">${escapeText(title)}</p>\n<ul>${items.join("")}</ul>`;
}
