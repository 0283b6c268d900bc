/** Zod's issues in the words of our problem documents. */
import * as z from "zod/mini";
import * as locales from "zod/locales";
import type { Issue } from "./failure.ts";
import * as limits from "./limits.ts";

// Zod's small half knows no language of its own; whoever shows an issue comes by here.
z.config(locales.en());

export function issuesOf(error: z.core.$ZodError, root = ""): Issue[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ path: pathText(issue.path, root), message: issue.message }];
    }
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key], root),
      message: "is not known here",
    }));
  });
}

/** `["data", "actions", 0, "url"]` → `data.actions[0].url`. */
export function pathText(path: readonly PropertyKey[], root = ""): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, root);
}

/** As many as help somebody, and each cut: paths and messages may quote what was sent, which has no bounds of its own. */
export function boundedIssues(issues: readonly Issue[]): Issue[] {
  return issues.slice(0, limits.issuesMax).map(({ path, message }) => ({
    path: path.slice(0, limits.issueCharactersMax),
    message: message.slice(0, limits.issueCharactersMax),
  }));
}
