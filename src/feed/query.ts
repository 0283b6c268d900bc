/** `GET /v1/events`: the filter as repeated query parameters, with a place to begin and a limit. */
import { filterSchema } from "../model/filter.ts";
import { issuesOf } from "../model/issue.ts";
import { invalidAt, type Issue } from "../model/failure.ts";
import { fail, type Result, succeed } from "../model/result.ts";
import type { PollQuery } from "./poll.ts";

export interface EventsQuery extends Pick<PollQuery, "after" | "filter"> {
  /** As it was written; the rules of lists decide on it. */
  readonly limit: string | undefined;
}

const metadataPrefix = "metadata.";
const listNames: ReadonlySet<string> = new Set(
  Object.keys(filterSchema.shape).filter((name) => name !== "metadata"),
);

/** An unknown parameter is refused: a misspelt filter would silently show everything. */
export function readEventsQuery(parameters: URLSearchParams): Result<EventsQuery> {
  const lists: Record<string, string[]> = {};
  const metadata: [string, string][] = [];
  const single = new Map<string, string>();
  const issues: Issue[] = [];
  for (const [name, value] of parameters) {
    const isKnown = listNames.has(name) || name === "after" || name === "limit";
    // As everywhere: what has no value asks for nothing. Metadata may well be empty text.
    if (isKnown && value === "") continue;
    if (listNames.has(name)) {
      (lists[name] ??= []).push(value);
    } else if (!isKnown && !name.startsWith(metadataPrefix)) {
      issues.push({ path: name, message: "is not a parameter of this list" });
    } else if (single.has(name)) {
      issues.push({ path: name, message: "may be given once" });
    } else {
      single.set(name, value);
      if (name.startsWith(metadataPrefix)) metadata.push([name.slice(metadataPrefix.length), value]);
    }
  }
  const filter = filterSchema.safeParse({
    ...lists,
    ...(metadata.length > 0 ? { metadata: Object.fromEntries(metadata) } : {}),
  });
  if (!filter.success) issues.push(...issuesOf(filter.error));
  if (issues.length > 0 || !filter.success) return fail(invalidAt(issues));
  return succeed({
    after: single.get("after") ?? "earliest",
    filter: filter.data,
    limit: single.get("limit"),
  });
}
