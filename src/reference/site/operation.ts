/** One operation as people read it: what it needs, what it takes, what it answers, and how to try it. */
import { isJsonObject, type JsonObject } from "../../model/json.ts";
import {
  type Answer,
  conflictWords,
  headersOf,
  isKeyed,
  type Operation,
  type Parameter,
  pathNamesOf,
  problemsOf,
} from "../operation.ts";
import { problemNotes } from "../problems.ts";
import { pathWords } from "../prose.ts";
import { codeBlock, escapeText, inline, tableBlock } from "./markup.ts";
import { meaningOf, membersTable, objectLink, typeOf } from "./schema.ts";

export function operationArticle(
  operation: Operation,
  components: Readonly<Record<string, JsonObject>>,
): string {
  const { id, method, path, summary, description } = operation;
  return [
    `<article id="${id}" class="operation">`,
    `<h3><a href="#${id}">${escapeText(summary)}</a></h3>`,
    `<p class="address"><span class="method method-${method}">${method.toUpperCase()}</span> <code>${breakable(path)}</code></p>`,
    description === undefined ? "" : `<p>${inline(description)}</p>`,
    `<p class="access">${accessText(operation)}</p>`,
    parametersTable(operation),
    bodySection(operation, components),
    answersTable(operation),
    codeBlock(curlOf(operation, components), `How to call: ${summary}`),
    "</article>",
  ].join("\n");
}

function accessText({ access }: Operation): string {
  if (access === "public") return "Needs no key.";
  if (access === "source") return "Needs the source's own credentials, and no key.";
  return access === "anyKey" ? "Any key may ask." : `Needs the scope <code>${access}</code>.`;
}

function parametersTable(operation: Operation): string {
  const rows = [
    ...pathNamesOf(operation).map((name) => row(name, "path", pathWords(name))),
    ...Object.entries(operation.query ?? {}).map(([name, said]) => row(name, "query", said)),
    ...Object.entries(headersOf(operation)).map(([name, said]) => row(name, "header", said)),
  ];
  if (rows.length === 0) return "";
  return `<h4>Parameters</h4>${tableBlock(`<tbody>${rows.join("")}</tbody>`, "Parameters")}`;
}

function row(name: string, place: string, { description, schema = { type: "string" } }: Parameter): string {
  const meaning = meaningOf({ ...schema, description });
  return `<tr><td><code>${escapeText(name)}</code><span class="optional">${place}</span></td><td>${typeOf({ ...schema })}</td><td>${meaning}</td></tr>`;
}

function bodySection({ body }: Operation, components: Readonly<Record<string, JsonObject>>): string {
  if (body === undefined) return "";
  if (body.name === "any") return "<h4>Body</h4><p>As the provider sends it: JSON or a form.</p>";
  const schema = components[body.name] ?? {};
  const heading = `<h4>Body <span class="optional">${body.optional === true ? "JSON, may be left out" : "JSON"}</span></h4>`;
  return heading + membersTable(schema, body.name);
}

function answersTable(operation: Operation): string {
  const answers = Object.entries(operation.answers).map(
    ([status, answer]) =>
      `<tr><td><code>${status}</code></td><td>${answerBody(answer)}</td><td>${inline(answer.description)}${headersText(answer)}</td></tr>`,
  );
  const problems = problemsOf(operation).map((kind) => {
    const { slug, status } = problemNotes[kind];
    return `<a href="/docs/problems#${slug}">${status}&nbsp;${slug}</a>`;
  });
  const conflict = conflictWords(operation);
  const why = conflict === null ? "" : ` ${inline(conflict)}`;
  const refused =
    problems.length === 0 ? "" : `<p class="refused">Refused with ${problems.join(", ")}.${why}</p>`;
  return `<h4>Answers</h4>${tableBlock(`<tbody>${answers.join("")}</tbody>`, "Answers")}${refused}`;
}

function answerBody({ body }: Answer): string {
  if (body === undefined) return "no body";
  if (typeof body === "string") return objectLink(body);
  return "text" in body ? "text" : `page of ${objectLink(body.page)}`;
}

function headersText({ headers = {} }: Answer): string {
  const said = Object.entries(headers).map(
    ([name, words]) => `<code>${escapeText(name)}</code>: ${inline(words)}`,
  );
  return said.length === 0 ? "" : ` ${said.join(" ")}`;
}

/** A command that works once `TICKLINE` and `KEY` are set and the ids are one's own. */
function curlOf(operation: Operation, components: Readonly<Record<string, JsonObject>>): string {
  const { method, path, body, query = {}, answers } = operation;
  const address = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => pathWords(name).example ?? `$${name.toUpperCase()}`,
  );
  if (101 in answers) {
    return `websocat --protocol tickline.v1 -H "Authorization: Bearer $KEY" "$TICKLINE_WS${address}"`;
  }
  const asked = Object.entries(query).flatMap(([name, { example }]) =>
    example === undefined || name.includes("<") ? [] : [`${name}=${encodeURIComponent(example)}`],
  );
  const url = `"$TICKLINE${address}${asked.length === 0 ? "" : `?${asked.join("&")}`}"`;
  const verb =
    method === "get" || (method === "post" && body !== undefined) ? "" : ` -X ${method.toUpperCase()}`;
  const key = isKeyed(operation) ? ' \\\n  -H "Authorization: Bearer $KEY"' : "";
  return `curl${method === "patch" ? " -X PATCH" : verb} ${url}${key}${bodyText(operation, components)}`;
}

function bodyText({ body }: Operation, components: Readonly<Record<string, JsonObject>>): string {
  if (body === undefined) return "";
  if (body.name === "any") return " \\\n  --json @webhook.json";
  const examples = components[body.name]?.["examples"];
  const example = Array.isArray(examples) ? examples[0] : undefined;
  return isJsonObject(example) ? ` \\\n  --json '${JSON.stringify(example)}'` : "";
}

/** May break after each slash on a narrow screen. */
function breakable(path: string): string {
  return escapeText(path).replaceAll("/", "/<wbr>");
}
