/**
 * The one action of a scenario: an HTTP request made of templates. No value of an event can change where it goes,
 * add a header or end a string; and whatever passes `checkRequest` can be rendered for every event.
 */
import * as z from "zod/mini";
import type { Issue } from "../../model/failure.ts";
import { isJsonObject, type Json, jsonSchema } from "../../model/json.ts";
import * as limits from "../../model/limits.ts";
import { textUpTo } from "../../model/text.ts";
import type { Rendering } from "../dialects/dialect.ts";
import { isRefusedHeader } from "../headers.ts";
import { renderText, renderValue, replacePlaceholders, textOf, type Values } from "./template.ts";

const timeoutSchema = z.number().check(z.positive(), z.maximum(limits.scenarioTimeoutMsMax));

export const requestSchema = z.strictObject({
  url: textUpTo(limits.scenarioUrlCharactersMax),
  method: z._default(
    z.pipe(z.string().check(z.toUpperCase()), z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"])),
    "POST",
  ),
  /** The body is JSON; otherwise it is a form. */
  json: z._default(z.boolean(), false),
  data: z.optional(jsonSchema),
  headers: z._default(z.record(z.string(), z.string().check(z.maxLength(4_096))), {}),
  query: z._default(z.record(z.string(), jsonSchema), {}),
  rejectUnauthorized: z.optional(z.literal(true, "must not be switched off")),
  /** Milliseconds: one for all, or one for each phase of the request. */
  timeouts: z.optional(z.union([timeoutSchema, z.record(z.string(), timeoutSchema)])),
});

export type RequestTemplate = z.output<typeof requestSchema>;

const headerNamePattern = /^[!#$&'*+.^_`|~0-9A-Za-z-]+$/;
/** What the schema can't see. Placeholders have been checked before. */
export function checkRequest(request: RequestTemplate, path: string): readonly Issue[] {
  const issues: Issue[] = [];
  const urlIssue = checkUrl(request.url);
  if (urlIssue !== null) issues.push({ path: `${path}.url`, message: urlIssue });
  if (request.method === "GET" && request.data !== undefined) {
    issues.push({ path: `${path}.data`, message: "a GET has no body" });
  } else if (!request.json && request.data !== undefined && !isJsonObject(request.data)) {
    issues.push({ path: `${path}.data`, message: "must be an object where json is not true" });
  }
  return [...issues, ...checkHeaders(request, `${path}.headers`)];
}

export function renderRequest(request: RequestTemplate, values: Values): Rendering {
  const { json, data } = request;
  return {
    method: request.method,
    url: renderUrl(request, values),
    headers: renderHeaders(request, values),
    body: data === undefined ? null : json ? renderJson(data, values) : renderForm(data, values),
    contentType: json ? "application/json" : "application/x-www-form-urlencoded",
    ...timeoutOf(request),
  };
}

/** Two events that differ in every value must still go to the same place, and both to a URL. */
function checkUrl(template: string): string | null {
  // A browser's URL parser would drop or turn these, and with them move the borders that we look at.
  if (/[\s\\]|[^\x20-\x7e]/.test(template)) return "must be a URL of ASCII characters, percent-encoded";
  const [first, second] = ["1", "2"].map((text) => URL.parse(replacePlaceholders(template, () => text)));
  if (!first || !second || !/^https?:$/.test(first.protocol)) return "must be an http or https URL";
  const isFixed =
    first.origin === second.origin &&
    first.username === second.username &&
    first.password === second.password;
  return isFixed ? null : "placeholders may stand in path and query only";
}

function checkHeaders({ headers, json }: RequestTemplate, path: string): readonly Issue[] {
  const names = Object.keys(headers);
  const most = limits.subscriptionHeadersMax;
  if (names.length > most) return [{ path, message: `has more than ${most} headers` }];
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    return [{ path, message: "has a header twice" }];
  }
  return Object.entries(headers).flatMap(([name, value]) => {
    const message = checkHeader(name, value, json);
    return message === null ? [] : [{ path: `${path}.${name}`, message }];
  });
}

function checkHeader(name: string, value: string, json: boolean): string | null {
  if (!headerNamePattern.test(name)) return "is not a header name";
  if (/[^\t\x20-\x7e]/.test(value)) return "must be one line of ASCII characters";
  if (name.toLowerCase() === "content-type") {
    const expected = json ? /^application\/json\b/i : /^application\/x-www-form-urlencoded\b/i;
    return expected.test(value) ? null : "must agree with json";
  }
  return isRefusedHeader(name) ? "is set by the service" : null;
}

function renderUrl({ url, query }: RequestTemplate, values: Values): string {
  // A fragment is never sent.
  const [address = ""] = url.split("#", 1);
  const [path = "", ...search] = address.split("?");
  const pairs = Object.entries(query).map(
    ([name, value]) => `${percentEncode(name)}=${percentEncode(textOf(renderValue(value, values)))}`,
  );
  const renderedSearch = [renderText(search.join("?"), values, percentEncode), ...pairs]
    .filter((part) => part !== "")
    .join("&");
  return renderPath(path, values) + (renderedSearch === "" ? "" : `?${renderedSearch}`);
}

/** A value that makes a segment `.` or `..` would climb the path, encoded or not; encoded twice it stays a name. */
function renderPath(path: string, values: Values): string {
  return path
    .split("/")
    .map((segment) => {
      const rendered = renderText(segment, values, percentEncode);
      const climbs = rendered !== segment && /^(\.|%2e){1,2}$/i.test(rendered);
      return climbs ? rendered.replaceAll(/\.|%2e/gi, "%252E") : rendered;
    })
    .join("/");
}

function renderHeaders({ headers }: RequestTemplate, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() !== "content-type")
      .map(([name, value]) => [name, renderText(value, values, headerText)]),
  );
}

function renderJson(data: Json, values: Values): string {
  return JSON.stringify(renderValue(data, values));
}

function renderForm(data: Json, values: Values): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(isJsonObject(data) ? data : {})) {
    form.append(name, textOf(renderValue(value, values)).toWellFormed());
  }
  return form.toString();
}

/** One deadline for the whole request: that of its slowest phase. */
function timeoutOf({ timeouts }: RequestTemplate): Pick<Rendering, "timeoutMs"> {
  const longestMs = typeof timeouts === "number" ? timeouts : Math.max(0, ...Object.values(timeouts ?? {}));
  return longestMs > 0 ? { timeoutMs: longestMs } : {};
}

/** Never throws: half a surrogate pair, which no URL can carry, becomes the replacement character. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Headers carry printable ASCII: line breaks and other controls become spaces, the rest percent-encoded UTF-8. */
function headerText(text: string): string {
  // oxlint-disable-next-line eslint/no-control-regex
  return text.replaceAll(/[\x00-\x1f\x7f]+/g, " ").replaceAll(/[^\x20-\x7e]+/g, percentEncode);
}
