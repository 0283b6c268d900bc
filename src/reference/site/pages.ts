/** All files of /docs: the reference, the problems, and each document that users need. Built of texts, into texts. */
import { isJsonObject } from "../../model/json.ts";
import { componentSchemas } from "../components.ts";
import { areas } from "../operation.ts";
import { operations } from "../operations.ts";
import { problemNotes } from "../problems.ts";
import { areaWords, introduction } from "../prose.ts";
import { sent, sentHeaders } from "../webhooks.ts";
import { type Guide, guideHtml, guidePath, guideTitle } from "./guide.ts";
import { type NavigationGroup, page } from "./layout.ts";
import { escapeText, inline, slugOf, tableBlock } from "./markup.ts";
import { operationArticle } from "./operation.ts";
import { objectLink, objectSection } from "./schema.ts";

/** In this order; what is not named here comes after, by its name. */
const guideOrder = [
  "stream.md",
  "webhooks.md",
  "scenarios.md",
  "dialects/",
  "providers.md",
  "providers/",
  "limits.md",
  "changelog.md",
];

/** File name below the served directory → its text. */
export function sitePages(guides: readonly Guide[]): Map<string, string> {
  const ordered = guides.toSorted(
    (one, other) => placeOf(one) - placeOf(other) || compare(one.file, other.file),
  );
  const navigation = navigationOf(ordered);
  const files = new Set(ordered.map(({ file }) => file));
  return new Map([
    [
      "docs.html",
      page({
        title: "API reference",
        path: "/docs",
        navigation: withOperations(navigation),
        body: referenceBody(),
      }),
    ],
    [
      "docs/problems.html",
      page({ title: "Problems", path: "/docs/problems", navigation, body: problemsBody() }),
    ],
    ...ordered.map((guide): [string, string] => [
      `${guidePath(guide.file).slice(1)}.html`,
      page({
        title: guideTitle(guide),
        path: guidePath(guide.file),
        navigation,
        body: guideHtml(guide, files),
      }),
    ]),
  ]);
}

function placeOf({ file }: Guide): number {
  const found = guideOrder.findIndex(
    (start) => file === start || (start.endsWith("/") && file.startsWith(start)),
  );
  return found === -1 ? guideOrder.length : found;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function navigationOf(guides: readonly Guide[]): NavigationGroup[] {
  return [
    {
      title: "Reference",
      links: [
        { href: "/docs", label: "API reference" },
        { href: "/docs/problems", label: "Problems" },
      ],
    },
    { title: "Guides", links: linksTo(guides.filter(({ file }) => !file.includes("/"))) },
    { title: "Formats", links: linksTo(guides.filter(({ file }) => file.startsWith("dialects/"))) },
    { title: "Providers", links: linksTo(guides.filter(({ file }) => file.startsWith("providers/"))) },
  ].filter(({ links }) => links.length > 0);
}

function linksTo(guides: readonly Guide[]): NavigationGroup["links"] {
  return guides.map((guide) => ({ href: guidePath(guide.file), label: guideTitle(guide) }));
}

/** On the reference itself, its own contents come right after the pages of the reference. */
function withOperations(navigation: readonly NavigationGroup[]): NavigationGroup[] {
  const own = areas.map((area) => ({
    title: area,
    links: operations
      .filter((one) => one.area === area)
      .map(({ id, summary }) => ({ href: `#${id}`, label: summary })),
  }));
  const rest = {
    title: "Also",
    links: [
      { href: "#deliveries", label: "What we send" },
      { href: "#objects", label: "Objects" },
    ],
  };
  return [...navigation.slice(0, 2), ...own, rest, ...navigation.slice(2)];
}

function referenceBody(): string {
  const components = componentSchemas();
  const sections = areas.map((area) => {
    const articles = operations
      .filter((one) => one.area === area)
      .map((one) => operationArticle(one, components));
    return `<section><h2 id="${slugOf(area)}">${area}</h2><p>${inline(areaWords[area])}</p>${articles.join("\n")}</section>`;
  });
  const objects = Object.entries(components)
    .filter(([, schema]) => isJsonObject(schema))
    .map(([name, schema]) => objectSection(name, schema));
  return [
    "<h1>API reference</h1>",
    ...introduction.split("\n\n").map((paragraph) => `<p>${inline(paragraph)}</p>`),
    '<p>The same as <a href="/openapi.json">OpenAPI 3.1</a> and, for the streams, <a href="/asyncapi.json">AsyncAPI 3.0</a>. The commands below expect <code>TICKLINE</code> (the deployment\'s address) and <code>KEY</code>.</p>',
    ...sections,
    deliveriesSection(),
    `<section><h2 id="objects">Objects</h2>${objects.join("\n")}</section>`,
  ].join("\n");
}

function deliveriesSection(): string {
  const kinds = sent.map(
    ({ summary, description, body }) =>
      `<h3>${escapeText(summary)}</h3><p>${inline(description)} Body: ${objectLink(body)}.</p>`,
  );
  const rows = Object.entries(sentHeaders).map(
    ([name, said]) => `<tr><td><code>${name}</code></td><td>${inline(said)}</td></tr>`,
  );
  return `<section><h2 id="deliveries">What we send</h2><p>Each delivery is a POST to the subscription's URL. Any 2xx is success; everything else is tried again over 48 hours, but 410, which disables the subscription.</p>${kinds.join("")}<h3>Headers</h3>${tableBlock(`<tbody>${rows.join("")}</tbody>`, "Headers of a delivery")}</section>`;
}

function problemsBody(): string {
  const sections = Object.values(problemNotes).map(
    ({ slug, title, status, meaning, remedy }) =>
      `<section id="${slug}" class="object"><h2><span class="method">${status}</span> ${escapeText(title)}</h2><p>${inline(meaning)}</p><p><strong>What to do.</strong> ${inline(remedy)}</p></section>`,
  );
  return `<h1>Problems</h1><p>Every failure is <code>application/problem+json</code> (RFC 9457); its <code>type</code> leads to one of these. <code>instance</code> is the request's id, which also stands in the header <code>Request-Id</code> and in the logs.</p>${sections.join("\n")}`;
}
